"""A class with its own iteration; rows are moved one by one, as in a deck of cards."""

from typing import NamedTuple

import numpy as np


class Batch(NamedTuple):
    X: np.ndarray
    y: np.ndarray


class batches:
    def __init__(self, X, y, batch_size, rng):
        self.X, self.y, self.batch_size, self.rng = X, y, batch_size, rng
        self.left = None

    def __iter__(self):
        return self

    def __next__(self):
        if self.left is None:
            self.left = list(range(len(self.y)))
            for i in range(len(self.left) - 1, 0, -1):
                j = int(self.rng.integers(0, i + 1))
                self.left[i], self.left[j] = self.left[j], self.left[i]
        if not self.left:
            raise StopIteration
        rows, self.left = self.left[: self.batch_size], self.left[self.batch_size :]
        return Batch(np.stack([self.X[i] for i in rows]), np.array([self.y[i] for i in rows]))
