"""One epoch of mini-batches: a permutation of the rows, cut into pieces."""


def batches(X, y, batch_size, rng):
    """Yield (Xb, yb); the last pair may be smaller than batch_size."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
