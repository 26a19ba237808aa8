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
    dy = draw.normal(*forward(reference, x, k, stride, mode)[0].shape)
    judge_backward(student, reference, (x, dy, k, stride, mode))


def judge_backward(student, reference, *calls, shown=False):
    """Compare dx on several calls, all made before the first is judged.

    The first wrong one is shown as pictures, or the last one: a call of pool2d_backward holds no x.
    """
    made = []
    for side in (student, reference):
        caches = ((dy, forward(side, x, *window)[1]) for x, dy, *window in calls)
        made.append([side.pool2d_backward(dy, cache) for dy, cache in caches])
    wrong = [k for k, (one, other) in enumerate(zip(*made)) if not agree(one, other)]
    if wrong or shown:
        k = wrong[0] if wrong else -1
        show_backward(calls[k], made[0][k], made[1][k])
    for (*_, k, stride, mode), one, other in zip(calls, *made):
        name = f'dx (k = {k}, stride = {stride}, mode "{mode}")'
        close(one, other, rtol=1e-7, atol=1e-10, name=name)


def agree(one, other):
    is_array = isinstance(one, np.ndarray) and one.dtype.kind == "f" and one.shape == other.shape
    return is_array and np.allclose(one, other, rtol=1e-7, atol=1e-10)


def counted(draw, side, k, stride):
    """Draw a call with gradients of 1: dx then counts for how many windows a pixel is largest."""
    places = (side - k) // stride + 1
    return positive(draw, 1, 1, side, side), np.ones((1, 1, places, places)), k, stride, "max"


def show_backward(call, dx, expected):
    x, dy, k, stride, mode = call
    about = f'k = {k}, stride = {stride}, mode "{mode}"; the first image and channel'
    attach(heatmap(x[0, 0], "The image of this call", f"The image that was pooled: {about}."))
    if x.shape[3] < 5:  # small enough to be read as numbers
        return
    ones = " dy is 1 everywhere: dx counts the windows in which a pixel is the largest."
    told = "The stronger the colour, the further from 0." + ones * bool((dy == 1.0).all())
    attach(heatmap(expected[0, 0], "The expected dx of this call", told))
    if isinstance(dx, np.ndarray) and dx.dtype.kind == "f" and dx.shape == expected.shape:
        off = np.abs(dx - expected)[0, 0]
        if not off.max() <= 1e-7:  # nan too
            told = "Where there is no colour, your dx is right."
            attach(heatmap(off, "How far your dx of this call is off", told))


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
    digit = np.array(DIGIT)[None, None] / 10
    attach(heatmap(digit[0, 0], "A picture of 14 rows and 11 columns"))
    small = positive(draw, 1, 1, 2, 3)
    for mode, words in (("max", "largest"), ("avg", "average")):
        calls = [(x, 2, 2, mode) for x in (small, digit)]
        got, expected = ([forward(side, *c)[0] for c in calls] for side in (student, reference))
        title = f"The {words} values of the picture in tiles of 2 x 2: 7 rows and 5 columns"
        attach(heatmap(expected[1][0, 0], title))
        for one, other in zip(got, expected):
            close(one, other, name="y")
        compare(student, reference, positive(draw, 1, 1, 3, 2), 2, 1, mode)
        compare(student, reference, positive(draw, 1, 1, 5, 4), 3, 1, mode)
        compare(student, reference, positive(draw, 1, 1, 6, 7), 3, 2, mode)
        compare(student, reference, positive(draw, 1, 1, 5, 8), 2, 3, mode)
        compare(student, reference, positive(draw, 1, 1, 3, 4), 1, 1, mode)


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
    first = positive(draw, 1, 1, 2, 2), draw.normal(1, 1, 1, 1), 2, 2, "max"
    judge_backward(student, reference, first, counted(draw, 8, 2, 2), shown=True)
    compare_backward(student, reference, draw, (1, 1, 4, 6), 2, 2, "max")
    compare_backward(student, reference, draw, (2, 3, 4, 2), 2, 2, "max")


@check("The gradient of the average, in tiles", points=2)
def average_backward(student, reference, draw):
    compare_backward(student, reference, draw, (1, 1, 2, 2), 2, 2, "avg")
    compare_backward(student, reference, draw, (1, 1, 4, 6), 2, 2, "avg")
    compare_backward(student, reference, draw, (2, 3, 3, 6), 3, 3, "avg")


@check("The gradient where windows overlap or leave pixels out", points=2)
def overlap_backward(student, reference, draw):
    one = positive(draw, 1, 1, 2, 3), draw.normal(1, 1, 1, 1), 2, 2, "max"
    shared = positive(draw, 1, 1, 2, 3) + np.array([0.0, 2.0, 0.0])  # in both of its windows
    two = shared, draw.normal(1, 1, 1, 2), 2, 1, "max"
    judge_backward(student, reference, one, two, counted(draw, 8, 3, 1), shown=True)
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
                name=f"the sums of dx over tiles with {ones} equal maxima",
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
        places = zip(("first", "second"), (dy, other_dy), *made, strict=True)
        for place, gradient, got, expected in places:
            close(
                student.pool2d_backward(gradient, got),
                reference.pool2d_backward(gradient, expected),
                rtol=1e-7,
                atol=1e-10,
                name=f"dx of the {place} of two forward calls",
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
