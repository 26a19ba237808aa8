"""The product of the Fourier transforms is cropped at the wrong place.

At which index has the whole window entered the image?
"""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows, columns = (H + 2 * pad - kh) // stride + 1, (W + 2 * pad - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    size = (H + 2 * pad + kh - 1, W + 2 * pad + kw - 1)
    spectrum = np.einsum(
        "ncij,fcij->nfij",
        np.fft.rfft2(padded, size),
        np.fft.rfft2(w[:, :, ::-1, ::-1], size),
    )
    y = np.fft.irfft2(spectrum, size)[:, :, ::stride, ::stride]
    return y[:, :, :rows, :columns] + b[:, None, None]
