"""Heavy ball with the best two factors for a quadratic (Polyak 1964), as a class."""

import math

import numpy as np


class HeavyBall:
    def __call__(self, grad, x0, mu, L, budget):
        low, high = math.sqrt(mu), math.sqrt(L)
        self.rate = (2 / (high + low)) ** 2
        self.beta = ((high - low) / (high + low)) ** 2
        x, v = np.copy(x0), np.zeros(x0.size)
        for _ in range(budget):
            v *= self.beta
            v -= self.rate * grad(x)
            x += v
        return x


minimise = HeavyBall()
