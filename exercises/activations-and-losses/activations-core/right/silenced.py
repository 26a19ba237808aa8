"""The textbook formulas, with the overflow that does no harm silenced on purpose."""

from functools import partial

import numpy as np


def compute(table, name, z, alpha=0.01):
    z = z.astype(np.float64)
    with np.errstate(over="ignore"):
        a, da_dz = table[name](z, alpha)
    return np.array(a, dtype=np.float64), np.array(da_dz, dtype=np.float64)


def sigmoid(z, alpha):
    a = 1 / (1 + np.exp(-z))  # 1 / inf is the 0 that belongs there
    return a, a - a**2


TABLE = {
    "step": lambda z, alpha: (np.heaviside(z, 1.0), np.zeros(z.shape)),
    "linear": lambda z, alpha: (z, np.ones(z.shape)),
    "sigmoid": sigmoid,
    "tanh": lambda z, alpha: (np.tanh(z), 1 - np.square(np.tanh(z))),
    "relu": lambda z, alpha: (z * (z > 0), z > 0),
    "leaky_relu": lambda z, alpha: (
        np.piecewise(z, [z > 0], [lambda x: x, lambda x: alpha * x]),
        np.piecewise(z, [z > 0], [1.0, alpha]),
    ),
}

activation = partial(compute, TABLE)
