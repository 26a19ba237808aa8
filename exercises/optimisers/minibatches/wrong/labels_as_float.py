"""The labels lose their dtype.

Class numbers are integers, and stay so.
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows].astype(np.float64)
