"""Checks for pooling: forward by itself, then backward, then regions.

Negative and equal numbers occur only in the checks that are named after them.
"""

import numpy as np

from grader.authoring import attach, check, close, heatmap, require

# The grey values of a handwritten digit, 14 rows and 11 columns, in tenths.
DIGIT = [
    [10, 10, 10, 9, 6, 6, 6, 10, 10, 10, 10],
    [10, 5, 0, 0, 0, 0, 0, 0, 5, 10, 10],
    [10, 2, 2, 5, 6, 6, 5, 0, 0, 5, 10],
    [10, 9, 10, 10, 10, 10, 10, 9, 0, 0, 9],
    [10, 10, 10, 10, 10, 10, 10, 10, 5, 10, 10],
    [10, 10, 10, 5, 5, 5, 5, 4, 0, 5, 10],
    [10, 4, 0, 0, 0, 0, 0, 0, 0, 5, 10],
    [9, 0, 0, 6, 10, 10, 10, 5, 0, 5, 10],
    [5, 0, 6, 10, 10, 10, 10, 10, 5, 0, 5],
    [5, 0, 7, 10, 10, 10, 10, 10, 0, 5, 10],
    [6, 0, 6, 10, 10, 10, 10, 5, 0, 0, 5],
    [9, 1, 0, 6, 7, 7, 5, 0, 5, 0, 5],
    [10, 7, 1, 0, 0, 0, 1, 9, 8, 0, 5],
    [10, 10, 10, 8, 8, 9, 10, 10, 10, 10, 10],
]


def forward(side, x, k, stride, mode):
    result = side.pool2d(x, k, stride, mode)
    pair = isinstance(result, (list, tuple)) and len(result) == 2
    require(pair, "pool2d must return a pair: y and a cache.")
    return result


def compare(student, reference, x, k, stride, mode):
    y, expected = (forward(side, x, k, stride, mode)[0] for side in (student, reference))
    close(y, expected, name="y")


def positive(draw, *shape):
    return draw.uniform(*shape, low=0.1, high=2.0)


def compare_backward(student, reference, draw, shape, k, stride, mode):
    x = positive(draw, *shape)
    y, expected_cache = forward(reference, x, k, stride, mode)
    cache = forward(student, x, k, stride, mode)[1]
    dy = draw.normal(*y.shape)
    dx = student.pool2d_backward(dy, cache)
    expected = reference.pool2d_backward(dy, expected_cache)
    close(dx, expected, rtol=1e-7, atol=1e-10, name="dx")


@check("The maximum of tiles", points=2, visible=True)
def max_of_tiles(student, reference, draw):
    for shape in ((1, 1, 2, 2), (1, 1, 4, 2), (1, 1, 4, 6)):
        compare(student, reference, positive(draw, *shape), 2, 2, "max")


@check("The average of tiles", points=2, visible=True)
def average_of_tiles(student, reference, draw):
    for shape in ((1, 1, 2, 2), (1, 1, 4, 2), (1, 1, 4, 6)):
        compare(student, reference, positive(draw, *shape), 2, 2, "avg")
    compare(student, reference, positive(draw, 1, 1, 3, 3), 3, 3, "avg")


@check("Overlapping windows, and pixels left over or left out", points=2)
def overlap(student, reference, draw):
    digit = np.array(DIGIT) / 10
    attach(heatmap(digit, "A picture of 14 rows and 11 columns"))
    for mode in ("max", "avg"):
        compare(student, reference, positive(draw, 1, 1, 2, 3), 2, 2, mode)
        compare(student, reference, positive(draw, 1, 1, 3, 2), 2, 1, mode)
        compare(student, reference, positive(draw, 1, 1, 5, 4), 3, 1, mode)
        compare(student, reference, positive(draw, 1, 1, 6, 7), 3, 2, mode)
        compare(student, reference, positive(draw, 1, 1, 5, 8), 2, 3, mode)
        compare(student, reference, positive(draw, 1, 1, 3, 4), 1, 1, mode)
        compare(student, reference, digit[None, None], 2, 2, mode)
    for mode, words in (("max", "largest"), ("avg", "average")):
        y = forward(student, digit[None, None], 2, 2, mode)[0]  # right, or the check had ended
        attach(heatmap(y[0, 0], f"Its {words} values in tiles of 2 x 2: 7 rows and 5 columns"))


@check("The maximum of negative numbers is negative", points=1)
def negative(student, reference, draw):
    for shape in ((1, 1, 2, 2), (1, 1, 4, 4), (1, 1, 3, 5)):
        compare(student, reference, -positive(draw, *shape), 2, 2, "max")
    compare(student, reference, draw.normal(1, 1, 5, 5), 3, 1, "max")


@check("Each image and each channel is pooled alone", points=1)
def channels(student, reference, draw):
    for mode in ("max", "avg"):
        compare(student, reference, positive(draw, 1, 2, 2, 2), 2, 2, mode)
        compare(student, reference, positive(draw, 2, 1, 2, 2), 2, 2, mode)
        compare(student, reference, positive(draw, 2, 3, 5, 4), 2, 1, mode)


@check("The gradient of the maximum, in tiles", points=2)
def max_backward(student, reference, draw):
    compare_backward(student, reference, draw, (1, 1, 2, 2), 2, 2, "max")
    compare_backward(student, reference, draw, (1, 1, 4, 6), 2, 2, "max")
    compare_backward(student, reference, draw, (2, 3, 4, 2), 2, 2, "max")


@check("The gradient of the average, in tiles", points=2)
def average_backward(student, reference, draw):
    compare_backward(student, reference, draw, (1, 1, 2, 2), 2, 2, "avg")
    compare_backward(student, reference, draw, (1, 1, 4, 6), 2, 2, "avg")
    compare_backward(student, reference, draw, (2, 3, 3, 6), 3, 3, "avg")


@check("The gradient where windows overlap or leave pixels out", points=2)
def overlap_backward(student, reference, draw):
    for mode in ("max", "avg"):
        compare_backward(student, reference, draw, (1, 1, 2, 3), 2, 2, mode)
        compare_backward(student, reference, draw, (1, 1, 2, 3), 2, 1, mode)
        compare_backward(student, reference, draw, (1, 1, 5, 8), 2, 3, mode)
        compare_backward(student, reference, draw, (2, 2, 6, 5), 3, 1, mode)
        compare_backward(student, reference, draw, (1, 2, 7, 6), 3, 2, mode)


@check("Equal maxima share one gradient", points=1)
def ties(student, reference, draw):
    # Tiles, so that each gradient can be followed: how equal maxima share it is free.
    for rows, columns in ((1, 1), (2, 3)):
        dy = positive(draw, 1, 1, rows, columns)
        for ones in (4, 3, 2):
            tile = np.array([1.0, 1.0, 0.0, 0.0] if ones == 2 else [1.0, 1.0, 1.0, ones - 3.0])
            x = np.tile(tile.reshape(2, 2), (1, 1, rows, columns))
            dx = student.pool2d_backward(dy, forward(student, x, 2, 2, "max")[1])
            shape = getattr(dx, "shape", None)
            require(shape == x.shape, f"dx must have the shape of x, {x.shape}, not {shape}.")
            tiles = dx.reshape(rows, 2, columns, 2)
            close(
                tiles.sum(axis=(1, 3)),
                dy[0, 0],
                rtol=1e-7,
                atol=1e-10,
                name="the sums of dx by tile",
            )
            lower = float(np.abs(dx[x == 0.0]).sum())
            require(
                lower == 0.0, "A pixel below the maximum of its tile got a part of the gradient."
            )


@check("Two caches in turn", points=1)
def two_caches(student, reference, draw):
    for mode, other in (("max", "avg"), ("avg", "max"), ("max", "max")):
        first, second = positive(draw, 1, 2, 4, 4), positive(draw, 2, 1, 5, 3)
        dy, other_dy = draw.normal(1, 2, 2, 2), draw.normal(2, 1, 4, 2)
        made = [
            (forward(side, first, 2, 2, mode)[1], forward(side, second, 2, 1, other)[1])
            for side in (student, reference)
        ]
        compare(student, reference, first, 2, 2, mode)  # the same call once more
        for gradient, got, expected in zip((dy, other_dy), *made, strict=True):
            close(
                student.pool2d_backward(gradient, got),
                reference.pool2d_backward(gradient, expected),
                rtol=1e-7,
                atol=1e-10,
                name="dx",
            )


def compare_region(student, reference, draw, shape, box, *out):
    """Compare on maps that rise to the lower right, that fall, and that do neither.

    The largest value of a bin is then its last pixel, its first one, or any: no edge can hide.
    """
    rising = draw.uniform(*shape, low=0.1, high=1.0).cumsum(axis=1).cumsum(axis=2)
    for f in (rising, rising[:, ::-1, ::-1].copy(), draw.normal(*shape)):
        close(
            student.roi_max_pool(f, box, *out),
            reference.roi_max_pool(f, box, *out),
            name="the result",
        )


@check("A region cut into equal bins", points=2, visible=True)
def equal_bins(student, reference, draw):
    compare_region(student, reference, draw, (1, 2, 2), (0, 0, 2, 2), 1)
    compare_region(student, reference, draw, (1, 4, 6), (0, 0, 6, 4), 2)
    compare_region(student, reference, draw, (1, 5, 8), (2, 1, 6, 3), 2)
    compare_region(student, reference, draw, (3, 16, 9), (1, 2, 8, 16))


@check("A region whose bins overlap", points=1)
def uneven_bins(student, reference, draw):
    compare_region(student, reference, draw, (1, 3, 3), (0, 0, 3, 3), 2)
    compare_region(student, reference, draw, (2, 8, 9), (1, 0, 9, 5), 3)
    compare_region(student, reference, draw, (2, 12, 14), (2, 1, 13, 11))
    compare_region(student, reference, draw, (1, 31, 9), (0, 1, 8, 30))


@check("A region with fewer pixels than bins", points=1)
def small_regions(student, reference, draw):
    compare_region(student, reference, draw, (1, 2, 2), (1, 0, 2, 1), 2)
    compare_region(student, reference, draw, (2, 4, 5), (1, 1, 4, 3), 5)
    compare_region(student, reference, draw, (2, 6, 5), (0, 2, 5, 4))
    compare_region(student, reference, draw, (1, 6, 9), (3, 0, 4, 6))
