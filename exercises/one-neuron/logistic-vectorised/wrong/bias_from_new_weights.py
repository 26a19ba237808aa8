"""The gradient of the bias is computed with the new weights.

All gradients belong to the same prediction.
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
    w = w - lr * dw
    z = w.T @ X + b
    db = (np.exp(-np.logaddexp(0.0, -z)) - Y).sum() / m
    return w, b - lr * db, J
