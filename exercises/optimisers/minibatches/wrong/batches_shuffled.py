"""Only the order of the batches is random.

Rows that begin in one batch stay together for ever.
"""

import numpy as np


def batches(X, y, batch_size, rng):
    m = len(X)
    starts = np.arange(0, m, batch_size)
    full = starts[starts + batch_size <= m]
    for start in [*rng.permutation(full), *starts[len(full) :]]:
        rows = np.arange(start, min(m, start + batch_size))
        yield X[rows], y[rows]
