"""Everything entry by entry; the cache is a tuple of plain lists."""

import math

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    T, N, D = x.shape
    H = len(b)
    h = np.zeros((T + 1, N, H))
    h[0] = h0
    for t in range(T):
        for n in range(N):
            for k in range(H):
                total = b[k]
                total += sum(x[t, n, d] * Wx[d, k] for d in range(D))
                total += sum(h[t, n, g] * Wh[g, k] for g in range(H))
                h[t + 1, n, k] = math.tanh(total)
    return h[1:], (x.tolist(), h.tolist(), Wx.tolist(), Wh.tolist())


def rnn_backward(dh, cache):
    x, h, Wx, Wh = (np.array(part) for part in cache)
    (T, N, D), H = x.shape, len(Wh)
    dx, dWx, dWh, db = np.zeros(x.shape), np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(H)
    arriving = np.zeros((T + 1, N, H))
    arriving[1:] = dh
    for t in range(T, 0, -1):
        for n in range(N):
            for k in range(H):
                d = arriving[t, n, k] * (1 - h[t, n, k] ** 2)
                db[k] += d
                for i in range(D):
                    dx[t - 1, n, i] += d * Wx[i, k]
                    dWx[i, k] += d * x[t - 1, n, i]
                for g in range(H):
                    arriving[t - 1, n, g] += d * Wh[g, k]
                    dWh[g, k] += d * h[t - 1, n, g]
    return dx, arriving[0], dWx, dWh, db


def clip_global_norm(grads, c):
    norm = math.hypot(*(v for g in grads for v in g.ravel().tolist()))
    if norm > c:
        for g in grads:
            np.multiply(g, c / norm, out=g)
    return norm
