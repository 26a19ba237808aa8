"""The roles of mu and L are swapped.

Which of the two curvatures limits the length of a step?
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x, before = x0.copy(), x0
    for _ in range(budget):
        ahead = x + beta * (x - before)
        before, x = x, ahead - grad(ahead) / mu
    return x
