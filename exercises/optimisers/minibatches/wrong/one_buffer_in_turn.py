"""All batches are written into the same buffer.

The batch before must not change when the next one is asked for.
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    Xb, yb = np.empty((batch_size, X.shape[1])), np.empty(batch_size, dtype=y.dtype)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        Xb[: len(rows)], yb[: len(rows)] = X[rows], y[rows]
        yield Xb[: len(rows)], yb[: len(rows)]
