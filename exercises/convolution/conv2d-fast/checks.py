"""Checks for conv2d-fast: one entry first, each part of the formula, then memory and speed.

Before `own_arguments` no shape of an image, of filters or of a result occurs twice: what is kept
from call to call shows there, where it can be named.
"""

import numpy as np

from grader.authoring import attach, check, close, heatmap, performance, view


def layer(draw, image, window):
    """Draw x, w, b for image = (N, C, H, W) and window = (F, kh, kw)."""
    F, kh, kw = window
    return draw.normal(*image), draw.normal(F, image[1], kh, kw), draw.normal(F)


def compare(student, reference, draw, image, window, stride=1, pad=0):
    judge(student, reference, (*layer(draw, image, window), stride, pad))


def judge(student, reference, *calls, shown=False):
    """Compare on several calls, all made before the first is judged; show the last, a picture."""
    got = [student.conv2d(*call) for call in calls]
    expected = [reference.conv2d(*call) for call in calls]
    if shown:
        show(calls[-1][0], got[-1], expected[-1])
    for one, other in zip(got, expected):
        close(one, other, name="y")


def picture(draw, side, kh, kw):
    """Draw a square picture of a bright cross; return it, a window that sees edges, no bias."""
    x = draw.uniform(1, 1, side, side, low=0.0, high=0.1)
    row, column = draw.integers(3, side - 4, size=2)
    x[:, :, row : row + 2] = x[:, :, :, column : column + 2] = 1.0
    w = np.zeros((1, 1, kh, kw)) + np.linspace(1.0, -0.8, kw)
    return x, w, np.zeros(1)


def show(x, got, expected):
    attach(heatmap(x[0, 0], "A bright cross, a picture that this check uses too"))
    told = "What a window that looks for upright edges makes of it: strong colours are far from 0."
    attach(heatmap(expected[0, 0], "The expected answer to the picture", told))
    if isinstance(got, np.ndarray) and got.dtype.kind == "f" and got.shape == expected.shape:
        off = np.abs(got - expected)[0, 0]
        if not off.max() <= 1e-9:  # nan too
            told = "Where there is no colour, your answer to the picture is right."
            attach(heatmap(off, "How far your answer to the picture is off", told))


@check("One window on one image gives one number", points=2, visible=True)
def one_window(student, reference, draw):
    compare(student, reference, draw, (1, 1, 2, 4), (1, 2, 4))


@check("The window slides over an image of one channel", points=2, visible=True)
def slides(student, reference, draw):
    calls = [layer(draw, (1, 1, 3, 3), (1, 2, 2)), layer(draw, (1, 1, 5, 5), (1, 3, 3))]
    calls = [(*call, 1, 0) for call in (*calls, picture(draw, 12, 5, 5))]
    judge(student, reference, *calls, shown=True)


@check("Windows and images need not be square", points=2)
def not_square(student, reference, draw):
    compare(student, reference, draw, (1, 1, 3, 6), (1, 1, 2))
    compare(student, reference, draw, (1, 1, 6, 4), (1, 3, 2))
    compare(student, reference, draw, (1, 1, 6, 8), (1, 2, 3))
    compare(student, reference, draw, (1, 1, 9, 6), (1, 4, 1))


@check("Zeros surround the image where padding is asked for", points=2)
def padding(student, reference, draw):
    first = (*layer(draw, (1, 1, 2, 3), (1, 1, 4)), 1, 1)
    judge(student, reference, first, (*picture(draw, 11, 5, 3), 1, 2), shown=True)
    compare(student, reference, draw, (1, 1, 4, 5), (1, 3, 4), pad=1)
    compare(student, reference, draw, (1, 1, 3, 4), (1, 3, 5), pad=2)


@check("The window moves by the stride, and what is left over is not used", points=2)
def strides(student, reference, draw):
    first = (*layer(draw, (1, 1, 4, 6), (1, 1, 5)), 2, 0)
    judge(student, reference, first, (*picture(draw, 13, 3, 6), 2, 0), shown=True)
    compare(student, reference, draw, (1, 1, 5, 6), (1, 1, 3), stride=2)
    compare(student, reference, draw, (1, 1, 8, 7), (1, 3, 1), stride=3)
    compare(student, reference, draw, (1, 1, 6, 7), (1, 4, 2), stride=2, pad=1)
    compare(student, reference, draw, (1, 1, 5, 10), (1, 4, 3), stride=3, pad=2)


@check("Channels are summed; each filter and each image has its own output", points=3)
def channels(student, reference, draw):
    compare(student, reference, draw, (1, 2, 2, 3), (1, 2, 2))
    compare(student, reference, draw, (1, 1, 2, 2), (3, 2, 2))
    compare(student, reference, draw, (2, 1, 2, 2), (1, 2, 1))
    compare(student, reference, draw, (2, 3, 4, 5), (4, 3, 2), pad=1)
    compare(student, reference, draw, (3, 2, 5, 4), (3, 2, 3), stride=2, pad=1)


@check("Sizes of 1 keep all four axes", points=2)
def ones(student, reference, draw):
    compare(student, reference, draw, (1, 1, 1, 1), (2, 1, 1))
    compare(student, reference, draw, (1, 3, 4, 3), (2, 1, 1))
    compare(student, reference, draw, (2, 1, 1, 4), (2, 1, 2))
    compare(student, reference, draw, (1, 2, 4, 3), (4, 4, 3))
    compare(student, reference, draw, (2, 1, 1, 1), (3, 3, 3), pad=1)


@check("Each call is computed from its own arguments", points=2)
def own_arguments(student, reference, draw):
    # other biases, other filters, other images, each with all else as it was
    image, window = (2, 2, 3, 4), (2, 2, 3)
    (x, w, b), (x2, w2, b2) = layer(draw, image, window), layer(draw, image, window)
    for args in ((x, w, b), (x, w, b2), (x, w2, b), (x2, w, b), (x2, w2, b2), (x, w, b)):
        close(student.conv2d(*args, 1, 0), reference.conv2d(*args, 1, 0), name="y")
    for stride, pad in ((2, 0), (1, 1), (2, 1), (3, 2), (1, 0)):
        close(
            student.conv2d(x, w, b, stride, pad), reference.conv2d(x, w, b, stride, pad), name="y"
        )
    # one padded size, reached with borders of 0, 1 and 2
    for size, pad in (((6, 7), 0), ((4, 5), 1), ((2, 3), 2), ((4, 5), 1)):
        compare(student, reference, draw, (1, 1, *size), (1, 3, 7), pad=pad)


@check("Arrays may lie in memory in any order", points=1)
def layouts(student, reference, draw):
    x, w, b = layer(draw, (2, 2, 3, 4), (2, 2, 3))
    # strides count entries: channels last; every second column of a wider image; columns first
    for of_x in ((24, 1, 8, 2), (48, 24, 8, 2), (24, 12, 1, 3)):
        got = student.conv2d(view(x, of_x), view(w, (1, 2, 12, 4)), b, 1, 0)
        close(got, reference.conv2d(x, w, b, 1, 0), name="y")


@performance("Many times faster than four loops", points=12)
def fast(draw):
    return *layer(draw, (4, 3, 24, 24), (16, 3, 3)), 1, 1
