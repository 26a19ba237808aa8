"""The rows are not shuffled.

If the data are sorted by class, what does a batch look like?
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = np.arange(m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
