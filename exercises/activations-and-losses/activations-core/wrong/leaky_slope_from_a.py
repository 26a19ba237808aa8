"""The slope of leaky ReLU is decided by the sign of a, not of z.

For most alphas a and z have the same sign. For which do they not?
"""

import numpy as np


def activation(name, z, alpha=0.01):
    z = np.array(z, dtype=np.float64)
    if name == "step":
        return np.where(z >= 0, 1.0, 0.0), np.zeros_like(z)
    if name == "linear":
        return z, np.ones_like(z)
    if name == "sigmoid":
        a = sigmoid(z)
        return a, a * (1.0 - a)
    if name == "tanh":
        a = np.tanh(z)
        return a, 1.0 - a**2
    if name == "relu":
        return np.maximum(z, 0.0), np.where(z > 0, 1.0, 0.0)
    if name == "leaky_relu":
        a = np.where(z > 0, z, alpha * z)
        return a, np.where(a > 0, 1.0, alpha)
    raise ValueError(name)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
