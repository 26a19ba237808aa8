"""Each sample on its own with outer products; the gradients of the samples are averaged."""

import numpy as np


def run(params, x):
    a = [x]
    for W, b in params:
        a.append(1 / (1 + np.exp(-(x @ W + b))))
        x = a[-1]
    return a


def forward(params, X):
    rows = [run(params, x) for x in X]
    return [np.array(layer) for layer in zip(*rows, strict=True)]


def backward(params, X, Y):
    gW = [np.zeros_like(W) for W, _ in params]
    gB = [np.zeros_like(b) for _, b in params]
    for x, y in zip(X, Y, strict=True):
        a = run(params, x)
        d = a[-1] - y
        for l in range(len(params) - 1, -1, -1):
            delta = d * a[l + 1] * (1 - a[l + 1])
            gW[l] += np.outer(a[l], delta) / len(X)
            gB[l] += delta / len(X)
            d = params[l][0] @ delta
    return [gW, gB]
