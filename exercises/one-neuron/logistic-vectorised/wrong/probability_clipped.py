"""The probability is kept away from 0 and 1 by clipping.

Beyond the limit every loss is the same. Simplify the logarithm of the sigmoid on paper.
"""

import numpy as np


def grad_step(w, b, X, Y, lr):
    m = X.shape[1]
    z = w.T @ X + b  # (1, m)
    e = np.exp(-np.abs(z))  # between 0 and 1
    A = np.where(z >= 0, 1.0, e) / (1.0 + e)
    P = np.clip(A, 1e-15, 1.0 - 1e-15)
    J = -np.mean(Y * np.log(P) + (1.0 - Y) * np.log(1.0 - P))
    dZ = A - Y  # (1, m)
    dw = X @ dZ.T / m  # (n, 1)
    db = dZ.sum() / m
    return w - lr * dw, b - lr * db, J
