"""The momentum is too weak for a valley this narrow.

The narrower the valley, the longer a ball has to roll on. What do mu and L say about that?
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    x, v = x0.copy(), np.zeros(x0.shape)
    for _ in range(budget):
        v = 0.5 * v + 1 / L * grad(x)
        x = x - v
    return x
