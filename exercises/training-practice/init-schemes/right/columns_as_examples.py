"""Examples are columns; uniform bounds are written as in the papers; one spawned seed per layer."""

from math import sqrt

import numpy as np


class Init:
    def __call__(self, fan_in, fan_out, scheme, rng, sd=1.0):
        own = np.random.default_rng(rng.integers(0, 2**63, size=4))
        return getattr(self, scheme)(own, fan_in, fan_out, sd)

    def zeros(self, rng, n, m, sd):
        return np.full([n, m], 0.0)

    def normal(self, rng, n, m, sd):
        return np.array([rng.normal(size=m) * sd for _ in range(n)])

    def xavier_uniform(self, rng, n, m, sd):
        return rng.uniform(-1, 1, (n, m)) * sqrt(6 / (n + m))

    def xavier_normal(self, rng, n, m, sd):
        return rng.normal(size=(n, m)) * sqrt(2 / (n + m))

    def he_normal(self, rng, n, m, sd):
        return np.asfortranarray(rng.normal(size=(n, m))) / sqrt(n / 2)

    def he_uniform(self, rng, n, m, sd):
        return sqrt(6 / n) * (1 - 2 * rng.random((n, m)))


init = Init()


def signal_std(depth, width, scheme, act, rng):
    f = {"relu": lambda z: z.clip(min=0), "tanh": np.tanh}.get(act, np.positive)
    x = rng.normal(size=(width, 700))
    for _ in range(depth):
        x = f(init(width, width, scheme, rng).T @ x)
    return np.array(sqrt((x * x).mean() - x.mean() ** 2))
