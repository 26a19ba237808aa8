"""Mean squared error and binary cross-entropy, each with the gradient by its first argument."""

import numpy as np

LOWEST_LOG = -100.0  # keeps the loss finite where a certain prediction is wrong


def mse(p, y):
    return np.mean((p - y) ** 2), 2.0 * (p - y) / p.size


def bce(p, y):
    with np.errstate(divide="ignore"):
        log_p = np.maximum(np.log(p), LOWEST_LOG)
        log_q = np.maximum(np.log1p(-p), LOWEST_LOG)
    loss = np.mean(-y * log_p - (1.0 - y) * log_q)
    return loss, (p - y) / np.maximum(p * (1.0 - p), 1e-12) / p.size


def bce_logits(z, y):
    e = np.exp(-np.abs(z))  # in (0, 1]
    loss = np.mean(np.maximum(z, 0.0) - z * y + np.log1p(e))
    sigmoid = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return loss, (sigmoid - y) / z.size
