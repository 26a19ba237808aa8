"""numpy's global generator is seeded in each epoch.

What is the argument rng for?
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    np.random.seed(0)
    order = np.random.permutation(m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
