"""The result is reshaped where its axes have to be moved.

In which order do the axes leave the matrix product? One image hides it.
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, F = len(x), len(w)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kh, kw)
    rows, columns = windows.shape[2:4]
    cols = windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * rows * columns, -1)
    y = w.reshape(F, -1) @ cols.T + b[:, None]  # (F, N * H' * W')
    return y.reshape(N, F, rows, columns)
