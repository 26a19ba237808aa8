"""Every output uses the first image.

Which index of x counts the images?
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    padded = np.pad(x[:1], ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kh, kw)
    windows = np.repeat(windows, len(x), axis=0)
    y = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, H', W', F)
    return y.transpose(0, 3, 1, 2)
