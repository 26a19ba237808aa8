"""Checks for conv2d-backward: one window, then each thing that lets gradients meet or be lost."""

import numpy as np

from grader.authoring import attach, check, close, heatmap, require


def layer(draw, image, window, stride, pad):
    """Draw dy, x, w for image = (N, C, H, W) and window = (F, kh, kw)."""
    (N, C, H, W), (F, kh, kw) = image, window
    rows, columns = ((n + 2 * pad - k) // stride + 1 for n, k in ((H, kh), (W, kw)))
    return draw.normal(N, F, rows, columns), draw.normal(*image), draw.normal(F, C, kh, kw)


def judge(student, reference, *calls, shown=False):
    """Compare on several calls, all made before the first is judged; show dx of the last one."""
    got = [triple(student.conv2d_backward(*call)) for call in calls]
    expected = [reference.conv2d_backward(*call) for call in calls]
    if shown:
        show(got[-1][0], expected[-1][0])
    for own, right in zip(got, expected):
        for one, other, name in zip(own, right, ("dx", "dw", "db")):
            close(one, other, rtol=1e-7, atol=1e-10, name=name)


def triple(result):
    is_triple = isinstance(result, (list, tuple)) and len(result) == 3
    require(is_triple, "conv2d_backward must return three arrays: dx, dw and db.")
    return result


def compare(student, reference, draw, image, window, stride=1, pad=0):
    judge(student, reference, (*layer(draw, image, window, stride, pad), stride, pad))


def compare_counted(student, reference, draw, first, image, window, stride):
    """Compare on a call, and on one of ones, where dx counts the windows that hold a pixel."""
    dy, x, w = layer(draw, image, window, stride, 0)
    counted = (np.ones_like(dy), x, np.ones_like(w), stride, 0)
    judge(student, reference, first, counted, shown=True)


def show(dx, expected):
    told = "dy and w are 1 everywhere here, so dx counts the windows that hold a pixel."
    attach(heatmap(expected[0, 0], "The expected dx of a larger image", told))
    if isinstance(dx, np.ndarray) and dx.dtype.kind == "f" and dx.shape == expected.shape:
        off = np.abs(dx - expected)[0, 0]
        if not off.max() <= 1e-7:  # nan too
            told = "Where there is no colour, your dx is right."
            attach(heatmap(off, "How far your dx of the larger image is off", told))


@check("One window: every pixel and every weight has one share", points=3, visible=True)
def one_window(student, reference, draw):
    compare(student, reference, draw, (1, 1, 1, 1), (1, 1, 1))
    compare(student, reference, draw, (1, 1, 2, 2), (1, 2, 2))
    compare(student, reference, draw, (1, 1, 3, 2), (1, 3, 2))


@check("Windows side by side, none of them overlapping", points=3, visible=True)
def side_by_side(student, reference, draw):
    compare(student, reference, draw, (1, 1, 1, 3), (1, 1, 1))
    compare(student, reference, draw, (1, 1, 4, 2), (1, 2, 2), stride=2)
    compare(student, reference, draw, (1, 1, 2, 4), (1, 2, 2), stride=2)
    compare(student, reference, draw, (1, 1, 4, 2), (1, 2, 2), stride=2)
    compare(student, reference, draw, (1, 1, 2, 4), (1, 2, 2), stride=2)
    compare(student, reference, draw, (1, 1, 4, 4), (1, 2, 2), stride=2)


@check("Where windows overlap, their shares add up", points=4)
def overlapping(student, reference, draw):
    first = (*layer(draw, (1, 1, 1, 3), (1, 1, 2), 1, 0), 1, 0)
    compare_counted(student, reference, draw, first, (1, 1, 9, 9), (1, 3, 3), 1)
    compare(student, reference, draw, (1, 1, 3, 3), (1, 2, 2))
    compare(student, reference, draw, (1, 1, 5, 5), (1, 3, 3))
    compare(student, reference, draw, (1, 1, 5, 5), (1, 3, 3), stride=2)


# From here to `channels` no windows overlap, so that one mistake is not found everywhere.


@check("Windows and images need not be square", points=3)
def not_square(student, reference, draw):
    compare(student, reference, draw, (1, 1, 1, 4), (1, 1, 2), stride=2)
    compare(student, reference, draw, (1, 1, 6, 2), (1, 3, 2), stride=3)
    compare(student, reference, draw, (1, 1, 2, 9), (1, 2, 3), stride=3)
    compare(student, reference, draw, (1, 1, 6, 1), (1, 3, 1), stride=3)


@check("Padding has gradients that nobody asks for", points=4)
def padding(student, reference, draw):
    compare(student, reference, draw, (1, 1, 2, 2), (1, 2, 2), stride=2, pad=1)
    compare(student, reference, draw, (1, 1, 4, 7), (1, 3, 3), stride=3, pad=1)
    compare(student, reference, draw, (1, 1, 5, 2), (1, 3, 3), stride=3, pad=2)


@check("Strides, also where pixels are left over or left out", points=4)
def strides(student, reference, draw):
    # one column, then one row left over; gaps between windows; all of it with padding
    first = (*layer(draw, (1, 1, 1, 3), (1, 1, 2), 2, 0), 2, 0)
    compare_counted(student, reference, draw, first, (1, 1, 12, 12), (1, 2, 2), 3)
    compare(student, reference, draw, (1, 1, 5, 4), (1, 2, 2), stride=2)
    compare(student, reference, draw, (1, 1, 7, 5), (1, 2, 1), stride=3)
    compare(student, reference, draw, (1, 1, 6, 7), (1, 1, 2), stride=2, pad=1)
    compare(student, reference, draw, (1, 1, 5, 7), (1, 3, 2), stride=3, pad=2)


@check("Several channels, filters and images", points=4)
def channels(student, reference, draw):
    compare(student, reference, draw, (1, 2, 2, 2), (1, 2, 2))
    compare(student, reference, draw, (1, 1, 2, 2), (2, 2, 2))
    compare(student, reference, draw, (3, 1, 2, 2), (1, 2, 2))
    compare(student, reference, draw, (2, 2, 3, 3), (2, 2, 2))
    compare(student, reference, draw, (2, 3, 4, 5), (4, 3, 2), pad=1)
    compare(student, reference, draw, (3, 2, 6, 5), (3, 2, 3), stride=2, pad=1)


@check("Sizes of 1, and a window as large as the image", points=2)
def ones(student, reference, draw):
    compare(student, reference, draw, (1, 3, 4, 3), (2, 1, 1))
    compare(student, reference, draw, (2, 3, 4, 3), (2, 1, 1), stride=2)
    compare(student, reference, draw, (2, 1, 1, 4), (1, 1, 2), stride=2)
    compare(student, reference, draw, (2, 2, 4, 3), (3, 4, 3))
    compare(student, reference, draw, (1, 1, 1, 1), (1, 3, 3), pad=1)


@check("A gradient of zeros, or with one entry that is not", points=3)
def single_entries(student, reference, draw):
    for stride, pad in ((1, 0), (2, 1), (3, 2)):
        dy, x, w = layer(draw, (2, 2, 5, 6), (2, 2, 3), stride, pad)
        judge(student, reference, (np.zeros_like(dy), x, w, stride, pad))
        one = np.zeros_like(dy)
        place = tuple(draw.integers(0, size) for size in dy.shape)
        one[place] = dy[place]
        judge(student, reference, (one, x, w, stride, pad))
