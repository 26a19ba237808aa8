"""Reference: the inputs of all steps in one product, then one product a step for all gates.

`lstm_loops` is the baseline of the speed check: sample by sample, gate by gate.
"""

import numpy as np


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    T, N, D = x.shape
    H = h0.shape[1]
    sums = x.reshape(T * N, D) @ W_ih.T
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


def lstm_loops(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    T, N, _ = x.shape
    H = h0.shape[1]
    h, c = h0.copy(), c0.copy()
    out = np.zeros((T, N, H))
    blocks = [slice(k * H, (k + 1) * H) for k in range(4)]  # i, f, g, o
    for t in range(T):
        for n in range(N):
            a = [W_ih[k] @ x[t, n] + b_ih[k] + W_hh[k] @ h[n] + b_hh[k] for k in blocks]
            i, f, g, o = sigmoid(a[0]), sigmoid(a[1]), np.tanh(a[2]), sigmoid(a[3])
            c[n] = f * c[n] + i * g
            h[n] = o * np.tanh(c[n])
            out[t, n] = h[n]
    return out, h, c
