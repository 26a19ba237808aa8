"""The image is not padded.

Look at what pad does to the size of the result.
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = (H - kh) // stride + 1
    columns = (W - kw) // stride + 1
    padded = x
    y = np.zeros((N, F, rows, columns))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + kh, left : left + kw]  # (C, kh, kw)
                    y[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return y
