"""Reference: one step after the other, and back in reverse order."""

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    T, N, _ = x.shape
    h = np.zeros((T, N, h0.shape[1]))
    before = h0
    for t in range(T):
        h[t] = np.tanh(x[t] @ Wx + before @ Wh + b)
        before = h[t]
    cache = {"x": x, "h0": h0, "h": h, "Wx": Wx, "Wh": Wh}
    return h, cache


def rnn_backward(dh, cache):
    x, h0, h, Wx, Wh = (cache[name] for name in ("x", "h0", "h", "Wx", "Wh"))
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    later = np.zeros_like(h0)  # what reaches h_t from step t + 1
    for t in reversed(range(len(x))):
        da = (dh[t] + later) * (1 - h[t] ** 2)
        dx[t] = da @ Wx.T
        dWx += x[t].T @ da
        dWh += (h[t - 1] if t > 0 else h0).T @ da
        db += da.sum(axis=0)
        later = da @ Wh.T
    return dx, later, dWx, dWh, db


def clip_global_norm(grads, c):
    norm = float(np.sqrt(sum(np.sum(g**2) for g in grads)))
    if norm > c:
        for g in grads:
            g *= c / norm
    return norm
