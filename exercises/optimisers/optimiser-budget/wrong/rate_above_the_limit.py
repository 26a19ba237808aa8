"""The learning rate is above the limit of heavy ball.

With the momentum factor b a rate above 2 (1 + b) / L leads away from the minimum.
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    x, v = x0.copy(), np.zeros(x0.shape)
    for _ in range(budget):
        v = 0.9 * v + 4 / L * grad(x)
        x = x - v
    return x
