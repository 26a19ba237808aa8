"""A lazy map over pieces of a shuffled index; the rows are fetched with take."""

from functools import partial

import numpy as np


def fetch(X, y, rows):
    return X.take(rows, axis=0), y.take(rows)


def batches(X, y, batch_size, rng):
    rows = np.arange(y.size)
    rng.shuffle(rows)
    pieces = (rows[i * batch_size :][:batch_size] for i in range(-(-y.size // batch_size)))
    return map(partial(fetch, X, y), pieces)
