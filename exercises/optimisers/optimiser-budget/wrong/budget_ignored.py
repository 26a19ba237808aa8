"""The loop goes on, whatever the budget.

grad counts its calls. What happens when the budget is spent before the goal is reached?
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x, before = x0.copy(), x0
    g = first = grad(x0)
    while np.linalg.norm(g) > 1e-6 * np.linalg.norm(first):
        ahead = x + beta * (x - before)
        g = grad(ahead)
        before, x = x, ahead - g / L
    return x
