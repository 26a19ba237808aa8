import numpy as np


def dropout(x, p, training, rng):
    """Return (y, mask), both of the shape of x; mask is 1 where the entry is kept."""
    mask = np.ones(x.shape)
    # in training: drop entries at random here
    return x * mask, mask


def dropout_backward(dy, mask, p):
    """Return dx, of the shape of dy."""
    return np.zeros(dy.shape)
