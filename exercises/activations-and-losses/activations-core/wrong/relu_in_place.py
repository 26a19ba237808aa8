"""ReLU overwrites its argument.

The caller still needs z. Which statement of yours writes into the array that was passed in?
"""

import numpy as np


def activation(name, z, alpha=0.01):
    z = np.asarray(z, dtype=np.float64)
    if name == "step":
        return np.where(z >= 0, 1.0, 0.0), np.zeros_like(z)
    if name == "linear":
        return z.copy(), np.ones_like(z)
    if name == "sigmoid":
        a = sigmoid(z)
        return a, a * (1.0 - a)
    if name == "tanh":
        a = np.tanh(z)
        return a, 1.0 - a**2
    if name == "relu":
        slope = np.where(z > 0, 1.0, 0.0)
        z[...] = slope * z
        return z.copy(), slope
    if name == "leaky_relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)
    raise ValueError(name)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
