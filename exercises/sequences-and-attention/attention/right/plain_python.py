"""Plain numbers, one query at a time; named results; heads by slices."""

import math
from typing import NamedTuple

import numpy as np


class Attended(NamedTuple):
    out: np.ndarray
    weights: np.ndarray


def shares(scores, allowed):
    seen = [s for s, may in zip(scores, allowed, strict=True) if may]
    if not seen:
        return [0.0] * len(scores)
    top = max(seen)
    e = [math.exp(s - top) if may else 0.0 for s, may in zip(scores, allowed, strict=True)]
    total = math.fsum(e)
    return [value / total for value in e]


def attention(Q, K, V, mask=None):
    N, Tq, dk = Q.shape
    Tk, dv = V.shape[1:]
    may = np.broadcast_to(True if mask is None else mask, (N, Tq, Tk))
    weights, out = np.zeros((N, Tq, Tk)), np.zeros((N, Tq, dv))
    for n in range(N):
        keys = K[n].tolist()
        for i, q in enumerate(Q[n].tolist()):
            dots = [math.fsum(a * b for a, b in zip(q, k, strict=True)) for k in keys]
            weights[n, i] = shares([d / math.sqrt(dk) for d in dots], may[n, i])
            for j in range(Tk):
                out[n, i] += weights[n, i, j] * V[n, j]
    return Attended(out, weights)


def multi_head(x, Wq, Wk, Wv, Wo, heads):
    width = x.shape[2] // heads
    result = np.zeros(x.shape)
    for i in range(heads):
        own = slice(i * width, (i + 1) * width)
        seen = attention(x @ Wq[:, own], x @ Wk[:, own], x @ Wv[:, own])
        result += seen.out @ Wo[own]
    return result
