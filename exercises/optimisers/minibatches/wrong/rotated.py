"""The rows are rotated, not shuffled.

How many orders can a random starting point give?
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = np.roll(np.arange(m), rng.integers(0, m))
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
