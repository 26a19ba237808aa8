"""Reference: all windows as one view, and one matrix product with the filters.

`conv2d_loops` is the baseline of the speed check: the sum of the statement, entry by entry.
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kh, kw)
    y = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3]))  # (N, H', W', F)
    y += b
    return y.transpose(0, 3, 1, 2)


def conv2d_loops(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = (H + 2 * pad - kh) // stride + 1
    columns = (W + 2 * pad - kw) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, rows, columns))
    s = stride
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    window = xp[n, :, i * s : i * s + kh, j * s : j * s + kw]  # (C, kh, kw)
                    out[n, f, i, j] = (window * w[f]).sum() + b[f]
    return out
