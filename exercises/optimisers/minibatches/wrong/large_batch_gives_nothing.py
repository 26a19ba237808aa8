"""A batch size above the number of rows gives no batch.

With few rows there is one batch, of all of them.
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    if batch_size > m:
        return
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
