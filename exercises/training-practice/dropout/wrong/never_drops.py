"""Nothing is dropped in training.

What should happen to a share p of the entries?
"""

import numpy as np


def dropout(x, p, training, rng):
    """Return (y, mask), both of the shape of x; mask is True where the entry is kept."""
    return 1.0 * x, np.ones(x.shape, dtype=bool)


def dropout_backward(dy, mask, p):
    """Return dx, the gradient with respect to the x of the call that drew this mask."""
    return _scaled(dy, mask, p)


def _scaled(values, mask, p):
    if p == 1.0:
        return np.zeros_like(values)
    return values * mask / (1.0 - p)
