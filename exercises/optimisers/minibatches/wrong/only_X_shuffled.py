"""Only X is shuffled.

What happened to the label of each row?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[start : start + batch_size].copy()
