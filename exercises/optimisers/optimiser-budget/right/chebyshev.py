"""Chebyshev's semi-iteration: each step's momentum comes from the one before."""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    spread = (L - mu) / (L + mu)
    points = [x0, x0 - 2 / (L + mu) * grad(x0)]
    omega = 2.0
    for _ in range(budget - 1):
        omega = 1 / (1 - omega * spread**2 / 4)
        before, x = points[-2:]
        plain = x - 2 / (L + mu) * np.asarray(grad(x))
        points = [x, omega * (plain - before) + before]
    return points[-1]
