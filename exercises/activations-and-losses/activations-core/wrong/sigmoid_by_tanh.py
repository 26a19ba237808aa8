"""The sigmoid is computed as half of 1 plus tanh.

The identity is true, but far to the left two numbers of nearly equal size cancel. How many digits
of the result are left at z = -40?
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
        return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)
    raise ValueError(name)


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))
