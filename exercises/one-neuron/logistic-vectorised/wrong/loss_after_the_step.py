"""The loss is that after the step.

Loss and gradients belong to the same prediction.
"""

import numpy as np


def grad_step(w, b, X, Y, lr):
    m = X.shape[1]
    z = w.T @ X + b  # (1, m)
    e = np.exp(-np.abs(z))  # between 0 and 1
    A = np.where(z >= 0, 1.0, e) / (1.0 + e)
    dZ = A - Y  # (1, m)
    dw = X @ dZ.T / m  # (n, 1)
    db = dZ.sum() / m
    w, b = w - lr * dw, b - lr * db
    z = w.T @ X + b
    J = np.mean(np.logaddexp(0.0, z) - Y * z)
    return w, b, J
