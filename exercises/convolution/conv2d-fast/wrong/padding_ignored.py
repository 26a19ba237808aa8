"""The image is not padded.

Look at what pad does to the size of the result.
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    padded = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kh, kw)
    y = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, H', W', F)
    return y.transpose(0, 3, 1, 2)
