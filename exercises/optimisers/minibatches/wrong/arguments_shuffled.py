"""X and y are shuffled in place.

They belong to the caller. What else can be put into random order, for rows and labels alike?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    X[:], y[:] = X[order], y[order]
    order = list(range(m))
    for start in range(0, m, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
