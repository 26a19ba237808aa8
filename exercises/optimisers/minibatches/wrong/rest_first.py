"""The batch that is not full comes first.

Where should the rest of the division go?
"""


def batches(X, y, batch_size, rng):
    m = len(X)
    order = rng.permutation(m)
    for end in range(m % batch_size or batch_size, m + 1, batch_size):
        rows = order[max(0, end - batch_size) : end]
        yield X[rows], y[rows]
