"""The chain rule entry by entry, in plain Python."""

from itertools import product

import numpy as np


def conv2d_backward(dy, x, w, stride, pad):
    C, H, W = x.shape[1:]
    kh, kw = w.shape[2:]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(w))
    for n, f, i, j in np.ndindex(dy.shape):
        d = dy[n, f, i, j]
        db[f] += d
        for c, u, v in product(range(C), range(kh), range(kw)):
            row, column = i * stride + u - pad, j * stride + v - pad
            if 0 <= row < H and 0 <= column < W:
                dx[n, c, row, column] += d * w[f, c, u, v]
                dw[f, c, u, v] += d * x[n, c, row, column]
    return dx, dw, db
