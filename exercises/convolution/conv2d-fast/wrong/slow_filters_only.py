"""Only the loop over the filters is gone.

Images, rows and columns are loops still. Which of them has the most passes?
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows, columns = (H + 2 * pad - kh) // stride + 1, (W + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    y = np.zeros((N, F, rows, columns))
    for n in range(N):
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride, j * stride
                window = padded[n, :, top : top + kh, left : left + kw]  # (C, kh, kw)
                y[n, :, i, j] = (window * w).sum(axis=(1, 2, 3)) + b
    return y
