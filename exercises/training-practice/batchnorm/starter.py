import numpy as np


def bn_forward(x, gamma, beta, rm, rv, momentum, eps, training):
    """Return (y, cache, rm, rv); x is (N, C) or (N, C, H, W), the others are (C,)."""
    y = np.zeros(x.shape)
    cache = {}  # what bn_backward needs
    return y, cache, rm, rv


def bn_backward(dy, cache):
    """Return (dx, dgamma, dbeta)."""
    channels = dy.shape[1]
    return np.zeros(dy.shape), np.zeros(channels), np.zeros(channels)
