"""Conjugate gradients (Hestenes and Stiefel 1952): every step is the best one so far.

One gradient for each step: A d = (grad(x + s d) - grad(x)) / s for any s, because the gradient of a
quadratic is linear, and the gradient at the new x follows from it. With s = 1 / mu, which no rate
exceeds, the rounding error of that shrinks from step to step; with a smaller s it could grow.
"""

import numpy as np


def minimise(grad, x0, mu, L, budget):
    x, g = x0.copy(), grad(x0)
    # f <= |g|^2 / (2 mu) and f(x0) >= |g(x0)|^2 / (2 L), so that here f <= 1e-6 f(x0) for certain.
    smallest = 1e-3 * np.sqrt(mu / L) * np.linalg.norm(g)
    d = -g
    for _ in range(budget - 1):
        if np.linalg.norm(g) <= smallest:
            break
        Ad = mu * (grad(x + d / mu) - g)
        rate = (g @ g) / (d @ Ad)
        x = x + rate * d
        old, g = g, g + rate * Ad
        d = -g + (g @ g) / (old @ old) * d
    return x
