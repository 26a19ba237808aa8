"""Checks for conv2d-naive: one entry first; then each part of the formula by itself."""

import numpy as np

from grader.authoring import attach, check, close, heatmap


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


@check("One window on one image gives one number", points=3, visible=True)
def one_window(student, reference, draw):
    x, w, b = layer(draw, (1, 1, 2, 2), (1, 2, 2))
    calls = (x, w, np.zeros(1)), (x, w, b), layer(draw, (1, 1, 3, 2), (1, 3, 2))
    judge(student, reference, *((*call, 1, 0) for call in calls))


@check("The window slides over an image of one channel", points=3, visible=True)
def slides(student, reference, draw):
    calls = [layer(draw, (1, 1, 3, 3), (1, 2, 2)), layer(draw, (1, 1, 5, 5), (1, 3, 3))]
    calls = [(*call, 1, 0) for call in (*calls, picture(draw, 12, 5, 5))]
    judge(student, reference, *calls, shown=True)


@check("Windows and images need not be square", points=3)
def not_square(student, reference, draw):
    compare(student, reference, draw, (1, 1, 3, 4), (1, 1, 2))
    compare(student, reference, draw, (1, 1, 4, 3), (1, 3, 2))
    compare(student, reference, draw, (1, 1, 6, 8), (1, 2, 3))
    compare(student, reference, draw, (1, 1, 8, 6), (1, 4, 1))


@check("Zeros surround the image where padding is asked for", points=3)
def padding(student, reference, draw):
    first = (*layer(draw, (1, 1, 2, 2), (1, 2, 2)), 1, 1)
    judge(student, reference, first, (*picture(draw, 12, 5, 3), 1, 2), shown=True)
    compare(student, reference, draw, (1, 1, 4, 5), (1, 3, 2), pad=1)
    compare(student, reference, draw, (1, 1, 3, 4), (1, 2, 3), pad=2)


@check("The window moves by the stride, and what is left over is not used", points=3)
def strides(student, reference, draw):
    first = (*layer(draw, (1, 1, 4, 4), (1, 2, 2)), 2, 0)
    judge(student, reference, first, (*picture(draw, 13, 3, 5), 2, 0), shown=True)
    compare(student, reference, draw, (1, 1, 5, 6), (1, 2, 3), stride=2)
    compare(student, reference, draw, (1, 1, 8, 7), (1, 2, 2), stride=3)
    compare(student, reference, draw, (1, 1, 6, 7), (1, 3, 2), stride=2, pad=1)
    compare(student, reference, draw, (1, 1, 5, 7), (1, 3, 3), stride=3, pad=2)


@check("Channels are summed; each filter and each image has its own output", points=3)
def channels(student, reference, draw):
    compare(student, reference, draw, (1, 2, 2, 2), (1, 2, 2))
    compare(student, reference, draw, (1, 1, 2, 2), (2, 2, 2))
    compare(student, reference, draw, (2, 1, 2, 2), (1, 2, 2))
    compare(student, reference, draw, (2, 3, 4, 5), (4, 3, 2), pad=1)
    compare(student, reference, draw, (3, 2, 5, 4), (3, 2, 3), stride=2, pad=1)


@check("Sizes of 1 keep all four axes", points=2)
def ones(student, reference, draw):
    compare(student, reference, draw, (1, 1, 1, 1), (1, 1, 1))
    compare(student, reference, draw, (1, 3, 4, 3), (2, 1, 1))
    compare(student, reference, draw, (2, 1, 1, 4), (1, 1, 2))
    compare(student, reference, draw, (1, 2, 4, 3), (2, 4, 3))
    compare(student, reference, draw, (1, 1, 1, 1), (1, 3, 3), pad=1)
