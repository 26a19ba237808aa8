"""An empty batch comes at the end.

Where does the loop end when m is a multiple of the batch size?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for start in range(0, m + 1, batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
