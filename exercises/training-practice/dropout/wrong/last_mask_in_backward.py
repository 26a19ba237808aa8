"""The gradient uses the mask of the latest forward call.

Several layers may go forward before the first goes backward. Which mask is passed in?
"""

import numpy as np

_last = []


def dropout(x, p, training, rng):
    """Return (y, mask), both of the shape of x; mask is True where the entry is kept."""
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    _last[:] = [mask]
    return _scaled(x, mask, p), mask


def dropout_backward(dy, mask, p):
    """Return dx, the gradient with respect to the x of the call that drew this mask."""
    own = _last[0] if _last and _last[0].shape == dy.shape else mask
    return _scaled(dy, own, p)


def _scaled(values, mask, p):
    if p == 1.0:
        return np.zeros_like(values)
    return values * mask / (1.0 - p)
