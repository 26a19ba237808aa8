"""One step for each entry of the window; Fortran order; a callable that is no function."""

import numpy as np


class Layer:
    def __call__(self, x, w, b, stride, pad):
        N, C, H, W = x.shape
        F, _, kh, kw = w.shape
        padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        padded[:, :, pad : pad + H, pad : pad + W] = x
        rows, columns = (H + 2 * pad - kh) // stride + 1, (W + 2 * pad - kw) // stride + 1
        y = np.zeros((N, F, rows, columns), order="F")
        y += b[:, None, None]
        for u in range(kh):
            for v in range(kw):
                seen = padded[
                    :, :, u : u + rows * stride : stride, v : v + columns * stride : stride
                ]
                y += np.einsum("ncij,fc->nfij", seen, w[:, :, u, v])
        return y


conv2d = Layer()
