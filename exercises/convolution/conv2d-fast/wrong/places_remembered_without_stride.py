"""Where the windows read is remembered without the stride.

What do the places of the windows depend on? All of that belongs to the key.
"""

import numpy as np

known = {}


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows, columns = (H + 2 * pad - kh) // stride + 1, (W + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    high, wide = padded.shape[2:]
    key = (high, wide, kh, kw)
    if key not in known:
        top = stride * np.arange(rows)[:, None, None, None] + np.arange(kh)[:, None]
        left = stride * np.arange(columns)[None, :, None, None] + np.arange(kw)
        known[key] = top * wide + left  # (H', W', kh, kw)
    windows = padded.reshape(N, C, -1)[:, :, known[key]]
    y = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, H', W', F)
    return y.transpose(0, 3, 1, 2)
