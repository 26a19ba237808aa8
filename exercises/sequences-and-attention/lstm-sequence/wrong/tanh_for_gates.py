"""The gates go through tanh.

A gate says which share passes: between nothing and all.
"""

import numpy as np


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    T, N, D = x.shape
    H = h0.shape[1]
    from_x = (x.reshape(T * N, D) @ W_ih.T + (b_ih + b_hh)).reshape(T, N, 4 * H)
    recurrent = np.ascontiguousarray(W_hh.T)
    out = np.empty((T, N, H))
    h, c = h0, c0
    for t in range(T):
        a = from_x[t] + h @ recurrent  # (N, 4H): blocks i, f, g, o
        i, f, o = np.tanh(a[:, :H]), np.tanh(a[:, H : 2 * H]), np.tanh(a[:, 3 * H :])
        g = np.tanh(a[:, 2 * H : 3 * H])
        c = f * c + i * g
        h = o * np.tanh(c)
        out[t] = h
    return out, h, c


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))
