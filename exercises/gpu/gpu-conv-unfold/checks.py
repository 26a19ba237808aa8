"""Checks for gpu-conv-unfold: one entry first, then each part of the formula, and layouts.

A loop over images or places is right, only slow: that shows on a GPU alone, where the same checks
run again. The speed was never measured on one: its thresholds are not calibrated.
"""

import numpy as np

from grader.authoring import attach, check, close, heatmap, performance, require, tensor, view


def layer(draw, image, window):
    """Draw x, w, b for image = (N, C, H, W) and window = (F, kh, kw)."""
    F, kh, kw = window
    numbers = draw.normal(*image), draw.normal(F, image[1], kh, kw), draw.normal(F)
    return tuple(values.astype("float32") for values in numbers)


def compare(student, reference, *args):
    judge(student.conv2d(*args), reference.conv2d(*args))


def judge(got, expected):
    close(got, expected, rtol=1e-4, atol=1e-4, name="y")
    require(
        got.device == expected.device,
        f"The result lies on {got.device}; x lies on {expected.device}, and so should the result.",
    )


def drawn(student, reference, draw, image, window, stride=1, pad=0):
    numbers = layer(draw, image, window)
    compare(student, reference, *(tensor(values) for values in numbers), stride, pad)


@check("One window on one image gives one number", points=3, visible=True)
def one_window(student, reference, draw):
    drawn(student, reference, draw, (1, 1, 2, 2), (1, 2, 2))
    drawn(student, reference, draw, (1, 1, 2, 4), (1, 2, 4))


@check("The window slides over an image of one channel", points=3, visible=True)
def slides(student, reference, draw):
    args = edges()
    got = student.conv2d(*args)
    if isinstance(got, np.ndarray) and got.ndim == 4 and 0 < got[0, 0].size <= 400:
        about = "An image of zeros has a bright block in it; one filter (-1, 1) finds its edges."
        attach(heatmap(got[0, 0], "Your answer to a bright block: rows and columns", about))
    drawn(student, reference, draw, (1, 1, 3, 3), (1, 2, 2))
    drawn(student, reference, draw, (1, 1, 3, 4), (1, 1, 2))
    drawn(student, reference, draw, (1, 1, 8, 6), (1, 3, 2))
    judge(got, reference.conv2d(*args))


def edges():
    """Return the arguments that show the upright edges of a bright block."""
    x = np.zeros((1, 1, 8, 12), dtype="float32")
    x[0, 0, 2:6, 3:8] = 1.0
    w = np.array([[[[-1.0, 1.0]]]], dtype="float32")
    return tensor(x), tensor(w), tensor(np.zeros(1, dtype="float32")), 1, 0


@check("Zeros surround the image where padding is asked for", points=3)
def padding(student, reference, draw):
    drawn(student, reference, draw, (1, 1, 4, 5), (1, 3, 2), pad=1)
    drawn(student, reference, draw, (1, 1, 3, 4), (1, 2, 3), pad=2)
    drawn(student, reference, draw, (1, 1, 2, 2), (1, 1, 4), pad=1)  # wider than the image


@check("The window moves by the stride, and what is left over is not used", points=3)
def strides(student, reference, draw):
    drawn(student, reference, draw, (1, 1, 4, 5), (1, 1, 5), stride=2)
    drawn(student, reference, draw, (1, 1, 5, 6), (1, 1, 3), stride=2)
    drawn(student, reference, draw, (1, 1, 8, 7), (1, 3, 1), stride=3)
    drawn(student, reference, draw, (1, 1, 6, 7), (1, 4, 2), stride=2, pad=1)


@check("Channels are summed; each filter and each image has its own output", points=4)
def channels(student, reference, draw):
    drawn(student, reference, draw, (1, 2, 2, 2), (1, 2, 2))
    drawn(student, reference, draw, (1, 1, 2, 2), (2, 2, 2))
    drawn(student, reference, draw, (2, 1, 2, 2), (1, 2, 1))
    drawn(student, reference, draw, (2, 3, 4, 5), (4, 3, 2), pad=1)
    drawn(student, reference, draw, (3, 2, 5, 4), (3, 2, 3), stride=2, pad=1)
    drawn(student, reference, draw, (2, 16, 8, 8), (32, 3, 3), pad=1)


@check("Sizes of 1 keep all four axes", points=2)
def ones(student, reference, draw):
    drawn(student, reference, draw, (1, 1, 1, 1), (1, 1, 1))
    drawn(student, reference, draw, (1, 3, 4, 3), (2, 1, 1))
    drawn(student, reference, draw, (1, 2, 4, 3), (2, 4, 3))
    drawn(student, reference, draw, (2, 1, 1, 1), (3, 3, 3), pad=1)


@check("Tensors may lie in memory in any order", points=2)
def layouts(student, reference, draw):
    x, w, b = layer(draw, (2, 2, 3, 4), (2, 2, 3))
    # strides count entries: channels last; every second column of a wider image; columns first
    for of_x in ((24, 1, 8, 2), (48, 24, 8, 2), (24, 12, 1, 3)):
        views = view(tensor(x), of_x), view(tensor(w), (1, 2, 12, 4)), tensor(b)
        compare(student, reference, *views, 1, 0)
        compare(student, reference, *views, 2, 1)


def large(draw):
    numbers = layer(draw, (16, 16, 32, 32), (32, 3, 3))
    return *(tensor(values, device="cuda") for values in numbers), 1, 1


@performance("Many times faster than one product for each place", points=10, rtol=1e-4, atol=1e-4)
def against_loop(draw):
    return large(draw)


@performance("Not far from torch's own convolution", points=10, rtol=1e-4, atol=1e-4)
def against_library(draw):
    return large(draw)
