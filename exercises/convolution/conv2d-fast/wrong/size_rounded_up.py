"""The size of the result is rounded up.

What happens to rows that are left over at the end?
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows = -(-(H + 2 * pad - kh) // stride) + 1
    columns = -(-(W + 2 * pad - kw) // stride) + 1
    after = pad + stride
    padded = np.pad(x, ((0, 0), (0, 0), (pad, after), (pad, after)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride][:, :, :rows, :columns]
    y = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, H', W', F)
    return y.transpose(0, 3, 1, 2)
