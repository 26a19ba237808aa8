"""Loops over the places; equal maxima share the gradient; the cache is a plain tuple."""

from math import ceil, floor

import numpy as np


def places(H, W, k, stride):
    for i in range((H - k) // stride + 1):
        for j in range((W - k) // stride + 1):
            yield i, j, np.s_[:, :, i * stride : i * stride + k, j * stride : j * stride + k]


def pool2d(x, k, stride, mode):
    N, C, H, W = x.shape
    y = np.empty((N, C, (H - k) // stride + 1, (W - k) // stride + 1), order="F")
    for i, j, place in places(H, W, k, stride):
        y[:, :, i, j] = getattr(x[place], {"max": "max", "avg": "mean"}[mode])(axis=(2, 3))
    return y, (x, k, stride, mode)


def pool2d_backward(dy, cache):
    x, k, stride, mode = cache
    dx = np.zeros_like(x)
    for i, j, place in places(*x.shape[2:], k, stride):
        window = x[place]
        share = np.ones_like(window)
        if mode == "max":
            share = (window == window.max(axis=(2, 3), keepdims=True)).astype(float)
        share /= share.sum(axis=(2, 3), keepdims=True)
        dx[place] += share * dy[:, :, i, j, None, None]
    return dx


def roi_max_pool(f, box, out=7):
    x1, y1, x2, y2 = (int(side) for side in box)
    rows = [(floor(i * (y2 - y1) / out), ceil((i + 1) * (y2 - y1) / out)) for i in range(out)]
    columns = [(floor(i * (x2 - x1) / out), ceil((i + 1) * (x2 - x1) / out)) for i in range(out)]
    region = f[:, y1:y2, x1:x2]
    table = [[region[:, a:b, c:d].max(axis=(1, 2)) for c, d in columns] for a, b in rows]
    return np.array(table).transpose(2, 0, 1)
