"""Activations are scaled out of training.

This form of dropout corrects the scale in training. What is left to do afterwards?
"""

import numpy as np


def dropout(x, p, training, rng):
    """Return (y, mask), both of the shape of x; mask is True where the entry is kept."""
    if not training:
        return x * (1.0 - p), np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return _scaled(x, mask, p), mask


def dropout_backward(dy, mask, p):
    """Return dx, the gradient with respect to the x of the call that drew this mask."""
    return _scaled(dy, mask, p)


def _scaled(values, mask, p):
    if p == 1.0:
        return np.zeros_like(values)
    return values * mask / (1.0 - p)
