"""No training loop: random kinks along random lines, and the last layer by least squares."""

from typing import NamedTuple

import numpy as np

UNITS = 1150  # 5 numbers each, and 2 more: below 6000


class Layer(NamedTuple):
    W: np.ndarray
    b: np.ndarray


class Fit:
    def __call__(self, X, y, rng):
        centre, size = X.mean(axis=0), X.std()
        angle = rng.uniform(0.0, 2 * np.pi, UNITS)
        W = np.stack([np.cos(angle), np.sin(angle)]) / size  # (2, UNITS)
        b = -rng.uniform(-2.0, 2.0, UNITS) - centre @ W
        H = np.hstack([np.maximum(X @ W + b, 0.0), np.ones((len(X), 1))])
        target = np.where(y == 1, 1.0, -1.0)
        solved = np.linalg.solve(H.T @ H + 1e-3 * np.eye(UNITS + 1), H.T @ target)
        last = np.stack([-solved, solved], axis=1)  # (UNITS + 1, 2)
        return (Layer(W, b), Layer(last[:-1], last[-1]))


fit = Fit()
