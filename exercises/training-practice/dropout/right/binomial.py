"""One coin for each entry, thrown with the probability to be kept; entries picked by index."""

import numpy as np


class Dropout:
    def __call__(self, x, p, training, rng):
        if not training:
            return [x.copy(), np.ones_like(x)]
        mask = rng.binomial(1, 1.0 - p, size=x.shape).astype(bool)
        return [dropout_backward(x, mask, p), mask]


def dropout_backward(dy, mask, p):
    dx = np.zeros(dy.shape)
    dx[mask] = dy[mask] / (1.0 - p)
    return dx


dropout = Dropout()
