"""What is not a number in the loss is replaced by 0.

A prediction that is sure and wrong then costs nothing.
"""

import numpy as np


def grad_step(w, b, X, Y, lr):
    m = X.shape[1]
    z = w.T @ X + b  # (1, m)
    e = np.exp(-np.abs(z))  # between 0 and 1
    A = np.where(z >= 0, 1.0, e) / (1.0 + e)
    with np.errstate(all="ignore"):
        terms = Y * np.log(A) + (1.0 - Y) * np.log(1.0 - A)
    J = -np.mean(np.nan_to_num(terms, posinf=0.0, neginf=0.0))
    dZ = A - Y  # (1, m)
    dw = X @ dZ.T / m  # (n, 1)
    db = dZ.sum() / m
    return w - lr * dw, b - lr * db, J
