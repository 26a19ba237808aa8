"""The last batch is filled up with rows that came before.

How often does each row come in an epoch?
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        rows = np.resize(order, m + batch_size)[start : start + batch_size]
        yield X[rows], y[rows]
