"""Reference: two matrix products for all samples at once; sigmoid and loss without overflow.

`grad_step_loops` is the baseline of the speed check: the loops of the statement.
"""

import numpy as np


def grad_step(w, b, X, Y, lr):
    m = X.shape[1]
    z = w.T @ X + b  # (1, m)
    e = np.exp(-np.abs(z))  # between 0 and 1
    A = np.where(z >= 0, 1.0, e) / (1.0 + e)
    # -Y ln A - (1 - Y) ln(1 - A) = ln(1 + exp(z)) - Y z
    J = np.mean(np.maximum(z, 0.0) + np.log1p(e) - Y * z)
    dZ = A - Y  # (1, m)
    dw = X @ dZ.T / m  # (n, 1)
    db = dZ.sum() / m
    return w - lr * dw, b - lr * db, J


def grad_step_loops(w, b, X, Y, lr):
    n, m = X.shape
    J, db = 0.0, 0.0
    dw = np.zeros((n, 1))
    for i in range(m):
        z = b
        for j in range(n):
            z += w[j, 0] * X[j, i]
        a = 1 / (1 + np.exp(-z))
        y = Y[0, i]
        J -= y * np.log(a) + (1 - y) * np.log(1 - a)
        for j in range(n):
            dw[j, 0] += X[j, i] * (a - y)
        db += a - y
    return w - lr * dw / m, b - lr * db / m, J / m
