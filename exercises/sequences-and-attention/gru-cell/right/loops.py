"""Plain Python numbers, one hidden unit of one sample at a time."""

import math

import numpy as np


def gru_cell(x, h, W_ih, W_hh, b_ih, b_hh):
    rows = []
    for xi, hi in zip(x.tolist(), h.tolist(), strict=True):
        H, row = len(hi), []
        for k in range(H):
            from_x = [dot(W_ih[b * H + k], xi) + b_ih[b * H + k] for b in range(3)]
            from_h = [dot(W_hh[b * H + k], hi) + b_hh[b * H + k] for b in range(3)]
            r = 1 / (1 + math.exp(-from_x[0] - from_h[0]))
            z = 1 / (1 + math.exp(-from_x[1] - from_h[1]))
            n = math.tanh(from_x[2] + r * from_h[2])
            row.append((1 - z) * n + z * hi[k])
        rows.append(row)
    return np.array(rows)


def dot(a, b):
    return math.fsum(p * q for p, q in zip(a, b, strict=True))
