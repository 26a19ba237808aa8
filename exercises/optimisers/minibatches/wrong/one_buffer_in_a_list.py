"""All batches are written into one buffer.

A caller who keeps two batches holds the last one twice.
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    Xb, yb = np.empty((batch_size, X.shape[1])), np.empty(batch_size, dtype=y.dtype)
    found = []
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        Xb[: len(rows)], yb[: len(rows)] = X[rows], y[rows]
        found.append((Xb[: len(rows)], yb[: len(rows)]))
    return found
