"""The steps end as soon as the gradient is a thousandth of the first one.

In a flat direction the gradient is small long before f is. Is there a reason not to spend the
budget?
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x, before = x0.copy(), x0
    for t in range(budget):
        ahead = x + beta * (x - before)
        g = grad(ahead)
        if t == 0:
            first = np.linalg.norm(g)
        if np.linalg.norm(g) < 1e-3 * first:
            return ahead
        before, x = x, ahead - g / L
    return x
