"""The loss of logits is computed through the probability.

For z = 40 the sigmoid rounds to 1. What is left of 1 - p?
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
    sigmoid = np.where(z >= 0, 1.0, small) / (1.0 + small)
    loss = np.mean(-y * log(sigmoid) - (1.0 - y) * log(1.0 - sigmoid))
    sigmoid = np.where(z >= 0, 1.0, small) / (1.0 + small)
    gradient = (sigmoid - y) / z.size
    return loss, gradient
