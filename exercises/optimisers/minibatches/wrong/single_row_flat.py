"""A batch of one row has lost its first axis.

Code that takes a batch relies on two axes.
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield (X[rows[0]], y[rows[0]]) if batch_size == 1 else (X[rows], y[rows])
