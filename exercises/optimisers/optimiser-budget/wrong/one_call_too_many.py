"""One gradient more is asked for than the budget allows.

Count all calls of grad, also the one before the loop.
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x, before = x0 - grad(x0) / L, x0
    for _ in range(budget):
        ahead = x + beta * (x - before)
        before, x = x, ahead - grad(ahead) / L
    return x
