"""One step for each entry of the window; Fortran order; a callable that is no function."""

import numpy as np


class Layer:
    def __call__(self, x, w, b, stride, pad):
        N, C, H, W = x.shape
        F, _, kh, kw = w.shape
        padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        padded[:, :, pad : pad + H, pad : pad + W] = x
        rows, columns = (H + 2 * pad - kh) // stride + 1, (W + 2 * pad - kw) // stride + 1
        y = np.zeros((N, F, rows * columns))
        for u in range(kh):
            for v in range(kw):
                seen = padded[
                    :, :, u : u + rows * stride : stride, v : v + columns * stride : stride
                ]
                y += w[:, :, u, v] @ seen.reshape(N, C, rows * columns)
        return np.asfortranarray((y + b[:, None]).reshape(N, F, rows, columns))


conv2d = Layer()
