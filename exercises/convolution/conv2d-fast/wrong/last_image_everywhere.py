"""Every image gets the output of the last one.

How many arrays does the list hold, and how many different ones?
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows, columns = (H + 2 * pad - kh) // stride + 1, (W + 2 * pad - kw) // stride + 1
    one, outputs = np.zeros((F, rows, columns)), []
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for n in range(N):
        windows = np.lib.stride_tricks.sliding_window_view(padded[n], (kh, kw), axis=(1, 2))
        windows = windows[:, ::stride, ::stride]  # (C, H', W', kh, kw)
        one[:] = np.tensordot(w, windows, axes=([1, 2, 3], [0, 3, 4])) + b[:, None, None]
        outputs.append(one)
    return np.array(outputs)
