"""The error is taken from the predicted class, not from the probability.

A prediction of 0.51 for a sample of class 1 still has something to learn.
"""

import numpy as np


def grad_step(w, b, X, Y, lr):
    m = X.shape[1]
    z = w.T @ X + b  # (1, m)
    e = np.exp(-np.abs(z))  # between 0 and 1
    # -Y ln A - (1 - Y) ln(1 - A) = ln(1 + exp(z)) - Y z
    J = np.mean(np.maximum(z, 0.0) + np.log1p(e) - Y * z)
    dZ = (z >= 0).astype(np.float64) - Y
    dw = X @ dZ.T / m  # (n, 1)
    db = dZ.sum() / m
    return w - lr * dw, b - lr * db, J
