"""dx as a convolution of the spread-out gradient with the turned filters."""

import numpy as np

windows_of = np.lib.stride_tricks.sliding_window_view


def conv2d_backward(dy, x, w, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    rows, columns = dy.shape[2:]
    # zeros between the entries, then a border, so that every pixel sees kh x kw of them
    spread = np.zeros((N, F, H + 2 * pad + kh - 1, W + 2 * pad + kw - 1))
    inner = spread[:, :, kh - 1 :, kw - 1 :]
    inner[:, :, : rows * stride : stride, : columns * stride : stride] = dy
    seen = windows_of(spread, (kh, kw), axis=(2, 3))  # (N, F, H + 2 pad, W + 2 pad, kh, kw)
    d_padded = np.einsum("nfhwuv,fcuv->nchw", seen, w[:, :, ::-1, ::-1])
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    patches = windows_of(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("nfij,ncijuv->fcuv", dy, patches)
    return [d_padded[:, :, pad : pad + H, pad : pad + W], dw, np.einsum("nfij->f", dy)]
