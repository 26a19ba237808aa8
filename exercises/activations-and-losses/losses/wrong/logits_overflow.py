"""The loss of logits takes the exponential of z itself.

For z = 800 exp(z) is too large for a float, but ln(1 + exp(z)) is not. What is it nearly, and which
small rest is left to add?
"""

import numpy as np


def mse(p, y):
    loss = np.mean((p - y) ** 2)
    gradient = 2.0 * (p - y) / p.size
    return loss, gradient


def bce(p, y):
    log_p = log(p)
    log_q = log(1.0 - p)
    loss = np.mean(-y * log_p - (1.0 - y) * log_q)
    gradient = (p - y) / np.maximum(p * (1.0 - p), 1e-12) / p.size
    return loss, gradient


def log(x):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(x), -100.0)


def bce_logits(z, y):
    small = np.exp(-np.abs(z))
    loss = np.mean(np.log1p(np.exp(z)) - z * y)
    sigmoid = np.where(z >= 0, 1.0, small) / (1.0 + small)
    gradient = (sigmoid - y) / z.size
    return loss, gradient
