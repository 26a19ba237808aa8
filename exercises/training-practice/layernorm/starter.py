import numpy as np


def ln_forward(x, gamma, beta, eps):
    """Return (y, cache); x is (..., D), gamma and beta are (D,)."""
    y = np.zeros(x.shape)
    cache = {}  # what ln_backward needs
    return y, cache


def ln_backward(dy, cache):
    """Return (dx, dgamma, dbeta)."""
    features = dy.shape[-1]
    return np.zeros(dy.shape), np.zeros(features), np.zeros(features)
