import numpy as np


def minimise(grad, x0, mu, L, budget):
    """Return a point as near to the minimum as `budget` calls of `grad` allow."""
    x = np.array(x0)
    for _ in range(budget):
        x = x - 0.001 * grad(x)
    return x
