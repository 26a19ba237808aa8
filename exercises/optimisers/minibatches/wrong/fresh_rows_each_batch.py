"""Each batch is drawn from all rows.

A row may not come again before the epoch is over.
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    for start in range(0, m, batch_size):
        rows = rng.permutation(m)[: min(batch_size, m - start)]
        yield X[rows], y[rows]
