"""A last batch that is not full is dropped.

Which rows are never trained on then?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m - batch_size + 1, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
