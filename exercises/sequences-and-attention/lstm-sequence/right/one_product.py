"""Inputs and states side by side, one product a step; results as views of one array."""

import numpy as np


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    T, N, D = x.shape
    H = h0.shape[1]
    weights = np.hstack([W_ih, W_hh]).T
    bias = b_ih + b_hh
    entering = np.empty((T + 1, N, D + H))
    entering[:-1, :, :D] = x
    entering[0, :, D:] = h0
    c = np.array(c0)
    for t in range(T):
        a = entering[t] @ weights
        a += bias
        gates = 0.5 * (1 + np.tanh(0.5 * a))
        c = gates[:, H : 2 * H] * c
        c += gates[:, :H] * np.tanh(a[:, 2 * H : 3 * H])
        entering[t + 1, :, D:] = gates[:, 3 * H :] * np.tanh(c)
    out = entering[1:, :, D:]
    return [out, out[-1], c]
