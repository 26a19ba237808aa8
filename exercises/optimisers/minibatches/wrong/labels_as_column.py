"""The labels come as a column.

yb has the shape (n,), like y.
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows].reshape(-1, 1)
