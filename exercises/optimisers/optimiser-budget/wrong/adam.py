"""Adam with its usual factors does not come near enough.

Its steps keep about one length, so it circles the minimum. This valley is the same everywhere:
which method makes use of that?
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    x, m, v = x0.copy(), 0.0, 0.0
    for t in range(1, budget + 1):
        g = grad(x)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        x = x - 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x
