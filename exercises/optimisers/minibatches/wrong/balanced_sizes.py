"""The rows are spread evenly over the batches.

Every batch but the last has exactly batch_size rows.
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for rows in np.array_split(order, -(-m // batch_size)):
        yield X[rows], y[rows]
