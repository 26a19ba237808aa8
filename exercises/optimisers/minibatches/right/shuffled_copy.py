"""The permutation is drawn at the call; a list of pieces of one shuffled copy, as lists."""

import numpy as np


def batches(X, y, batch_size, rng):
    order = np.argsort(rng.random(X.shape[0]), kind="stable")
    shuffled, labels = np.asfortranarray(X[order]), y[order]
    cuts = np.arange(batch_size, len(order), batch_size)
    return [list(pair) for pair in zip(np.split(shuffled, cuts), np.split(labels, cuts))]
