"""The rows are shuffled inside each batch only.

Rows that begin in one batch stay together for ever.
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = np.arange(m)
    for start in range(0, m, batch_size):
        rows = rng.permutation(order[start : start + batch_size])
        yield X[rows], y[rows]
