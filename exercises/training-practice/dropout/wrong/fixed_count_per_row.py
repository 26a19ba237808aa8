"""The number of dropped entries is the same in every row.

Each entry is dropped without regard to the others. Can a whole row be kept by chance?
"""

import numpy as np


def dropout(x, p, training, rng):
    """Return (y, mask), both of the shape of x; mask is True where the entry is kept."""
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    order = rng.permuted(np.broadcast_to(np.arange(x.shape[-1]), x.shape), axis=-1)
    mask = order >= round(p * x.shape[-1])
    return _scaled(x, mask, p), mask


def dropout_backward(dy, mask, p):
    """Return dx, the gradient with respect to the x of the call that drew this mask."""
    return _scaled(dy, mask, p)


def _scaled(values, mask, p):
    if p == 1.0:
        return np.zeros_like(values)
    return values * mask / (1.0 - p)
