"""The border of a padded image that is used again is not cleared.

What did an earlier call leave in it?
"""

import numpy as np

buffers = {}


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    key = (N, C, H + 2 * pad, W + 2 * pad)
    padded = buffers.setdefault(key, np.zeros(key))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kh, kw)
    y = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, H', W', F)
    return y.transpose(0, 3, 1, 2)
