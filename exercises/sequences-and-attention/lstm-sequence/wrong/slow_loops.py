"""Every sample and every gate has a product of its own.

One product can do all samples and all gates of a step: which axis is which?
"""

import numpy as np


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
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


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))
