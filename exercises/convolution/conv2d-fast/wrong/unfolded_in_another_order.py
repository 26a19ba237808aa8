"""The windows are unfolded in another order than the filters.

In which order does w.reshape(F, -1) list channel, row and column? One channel hides it.
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, F = len(x), len(w)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kh, kw)
    rows, columns = windows.shape[2:4]
    cols = windows.transpose(0, 2, 3, 4, 5, 1).reshape(N * rows * columns, -1)
    y = (cols @ w.reshape(F, -1).T + b).reshape(N, rows, columns, F)
    return y.transpose(0, 3, 1, 2)
