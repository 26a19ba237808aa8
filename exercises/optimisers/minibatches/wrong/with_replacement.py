"""The rows are drawn with replacement.

How often does each row come in an epoch?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.integers(0, m, size=m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
