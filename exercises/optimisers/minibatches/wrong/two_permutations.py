"""X and y are shuffled apart.

Both need the same order.
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    labels = y[rng.permutation(m)]
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], labels[start : start + batch_size].copy()
