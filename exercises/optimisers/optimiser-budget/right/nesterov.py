"""Nesterov's form with the momentum that suits the condition; the loop runs until grad refuses."""

from itertools import count

import numpy as np


def minimise(grad, x0, mu, L, budget):
    root = np.sqrt(L / mu)
    beta = (root - 1) / (root + 1)
    x = previous = np.asfortranarray(x0)
    for _ in count():
        ahead = x + beta * (x - previous)
        try:
            g = grad(ahead)
        except RuntimeError:
            return x
        previous, x = x, ahead - np.divide(g, L)
