"""Nested loops over plain numbers, borders by a test of the index."""

import numpy as np


def conv2d(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape

    def pixel(n, c, r, s):
        return x[n, c, r, s] if 0 <= r < H and 0 <= s < W else 0.0

    def entry(n, f, i, j):
        total = float(b[f])
        for c in range(C):
            for u in range(kh):
                for v in range(kw):
                    seen = pixel(n, c, i * stride + u - pad, j * stride + v - pad)
                    total += seen * w[f, c, u, v]
        return total

    rows = range((H + 2 * pad - kh) // stride + 1)
    columns = range((W + 2 * pad - kw) // stride + 1)
    images = [
        [[[entry(n, f, i, j) for j in columns] for i in rows] for f in range(F)] for n in range(N)
    ]
    return np.array(images)
