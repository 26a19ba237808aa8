"""Three hidden layers in float32, gradient descent with momentum, a loop over plain lists."""

from itertools import pairwise

import numpy as np


def fit(X, y, rng):
    centre, scale = X.mean(axis=0), np.abs(X - X.mean(axis=0)).max()
    Z = ((X - centre) / scale * 2).astype(np.float32)
    target = np.eye(2, dtype=np.float32)[y]
    sizes = [2, 48, 40, 40, 2]
    W = [
        (rng.standard_normal((n, m)) * (2 / n) ** 0.5).astype(np.float32)
        for n, m in pairwise(sizes)
    ]
    b = [np.zeros(m, dtype=np.float32) for m in sizes[1:]]
    speed = [np.zeros_like(p) for p in W + b]
    epochs = 150
    for epoch in range(epochs):
        order = rng.permutation(1200).reshape(-1, 60)
        for rows in order:
            grads = backward(W, b, Z[rows], target[rows])
            rate = np.float32(0.08 * 0.5 * (1 + np.cos(np.pi * epoch / epochs)))
            for p, v, g in zip(W + b, speed, grads, strict=True):
                v *= np.float32(0.9)
                v += g
                p -= rate * v
    W, b = [w.astype(float) for w in W], [v.astype(float) for v in b]
    W[0] = W[0] * 2 / scale
    b[0] = b[0] - centre @ W[0]
    return [[w, v] for w, v in zip(W, b, strict=True)]


def backward(W, b, a, target):
    inputs = []
    for layer, (w, v) in enumerate(zip(W, b, strict=True)):
        inputs.append(a)
        a = a @ w + v
        if layer < len(W) - 1:
            a = np.maximum(a, 0)
    e = np.exp(a - a.max(axis=1, keepdims=True))
    d = (e / e.sum(axis=1, keepdims=True) - target) / np.float32(len(target))
    gW, gb = [], []
    for w, a in zip(W[::-1], inputs[::-1], strict=True):
        gW.append(a.T @ d)
        gb.append(d.sum(axis=0))
        d = (d @ w.T) * (a > 0)
    return gW[::-1] + gb[::-1]
