"""The inputs' share is computed in single precision.

How many digits does a number of 32 bits carry?
"""

import numpy as np


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    T, N, D = x.shape
    H = h0.shape[1]
    sums = x.reshape(T * N, D).astype(np.float32) @ W_ih.T.astype(np.float32)
    sums = sums.astype(np.float64)
    sums += b_ih + b_hh  # in place: a second array of this size costs as much as all products
    sums = sums.reshape(T, N, 4 * H)
    recurrent = np.ascontiguousarray(W_hh.T)
    out = np.empty((T, N, H))
    h, c = h0, c0
    for t in range(T):
        a = sums[t]  # (N, 4H): blocks i, f, g, o
        a += h @ recurrent
        i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 3 * H :])
        c = f * c + i * np.tanh(a[:, 2 * H : 3 * H])
        h = o * np.tanh(c)
        out[t] = h
    return out, h, c


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))
