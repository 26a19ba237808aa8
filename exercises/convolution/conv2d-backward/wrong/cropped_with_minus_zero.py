"""The padding is cut off by a slice that is empty without padding.

Which entries are left of a list a in a[0:-0]?
"""

import numpy as np


def conv2d_backward(dy, x, w, stride, pad):
    H, W = x.shape[2:]
    kh, kw = w.shape[2:]
    rows, columns = dy.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    d_padded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            place = np.s_[:, :, top : top + kh, left : left + kw]
            share = dy[:, :, i, j]  # (N, F)
            d_padded[place] += np.tensordot(share, w, axes=(1, 0))
            dw += np.tensordot(share, padded[place], axes=(0, 0))
    dx = d_padded[:, :, pad:-pad, pad:-pad]
    return dx, dw, dy.sum(axis=(0, 2, 3))
