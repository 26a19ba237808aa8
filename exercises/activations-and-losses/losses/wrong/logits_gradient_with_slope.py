"""The gradient of logits has the slope of the sigmoid as a factor.

That belongs to the squared error. With the cross-entropy it cancels.
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
    loss = np.mean(np.maximum(z, 0.0) - z * y + np.log1p(small))
    sigmoid = np.where(z >= 0, 1.0, small) / (1.0 + small)
    gradient = (sigmoid - y) * sigmoid * (1.0 - sigmoid) / z.size
    return loss, gradient
