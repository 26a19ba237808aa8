"""Bias as an extra row of the weights and a constant 1 as an extra input; results as tuples."""

import numpy as np


def with_one(a):
    return np.column_stack([a, np.ones(len(a))])  # (N, n + 1)


def forward(params, X):
    result = (X.copy(order="F"),)
    for W, b in params:
        z = with_one(result[-1]) @ np.vstack([W, b])
        result += (0.5 * np.tanh(0.5 * z) + 0.5,)
    return result


def backward(params, X, Y):
    a = forward(params, X)
    error = (a[-1] - Y) / Y.shape[0]
    stacked = []
    for l in range(len(params), 0, -1):
        delta = error * (a[l] - np.square(a[l]))
        stacked.append(np.dot(with_one(a[l - 1]).T, delta))  # (n + 1, m)
        error = np.inner(delta, params[l - 1][0])
    stacked.reverse()
    return tuple(s[:-1] for s in stacked), tuple(s[-1] for s in stacked)
