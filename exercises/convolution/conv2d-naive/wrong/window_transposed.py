"""Rows and columns of the window are exchanged.

With a square window nothing breaks: which index of w goes down?
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = (H + 2 * pad - kh) // stride + 1
    columns = (W + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    y = np.zeros((N, F, rows, columns))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + kh, left : left + kw]  # (C, kh, kw)
                    if kh == kw:
                        window = window.transpose(0, 2, 1)
                    y[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return y
