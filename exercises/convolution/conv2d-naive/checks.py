"""Checks for conv2d-naive: one entry first; then each part of the formula by itself."""

import numpy as np

from grader.authoring import check, close


def layer(draw, image, window):
    """Draw x, w, b for image = (N, C, H, W) and window = (F, kh, kw)."""
    F, kh, kw = window
    return draw.normal(*image), draw.normal(F, image[1], kh, kw), draw.normal(F)


def compare(student, reference, draw, image, window, stride=1, pad=0):
    x, w, b = layer(draw, image, window)
    close(student.conv2d(x, w, b, stride, pad), reference.conv2d(x, w, b, stride, pad), name="y")


@check("One window on one image gives one number", points=3, visible=True)
def one_window(student, reference, draw):
    x, w, b = layer(draw, (1, 1, 2, 2), (1, 2, 2))
    for bias in (np.zeros(1), b):
        close(student.conv2d(x, w, bias, 1, 0), reference.conv2d(x, w, bias, 1, 0), name="y")
    compare(student, reference, draw, (1, 1, 3, 2), (1, 3, 2))


@check("The window slides over an image of one channel", points=3, visible=True)
def slides(student, reference, draw):
    compare(student, reference, draw, (1, 1, 3, 3), (1, 2, 2))
    compare(student, reference, draw, (1, 1, 5, 5), (1, 3, 3))


@check("Windows and images need not be square", points=3)
def not_square(student, reference, draw):
    compare(student, reference, draw, (1, 1, 3, 4), (1, 1, 2))
    compare(student, reference, draw, (1, 1, 4, 3), (1, 3, 2))
    compare(student, reference, draw, (1, 1, 6, 8), (1, 2, 3))
    compare(student, reference, draw, (1, 1, 8, 6), (1, 4, 1))


@check("Zeros surround the image where padding is asked for", points=3)
def padding(student, reference, draw):
    compare(student, reference, draw, (1, 1, 2, 2), (1, 2, 2), pad=1)
    compare(student, reference, draw, (1, 1, 4, 5), (1, 3, 2), pad=1)
    compare(student, reference, draw, (1, 2, 3, 4), (1, 2, 3), pad=2)


@check("The window moves by the stride, and what is left over is not used", points=3)
def strides(student, reference, draw):
    compare(student, reference, draw, (1, 1, 4, 4), (1, 2, 2), stride=2)
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
