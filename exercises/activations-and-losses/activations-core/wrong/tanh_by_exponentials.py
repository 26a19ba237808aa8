"""tanh is computed as a quotient of exponentials.

The formula is right on paper. What are its numerator and its denominator for z = 1000?
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
        a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
        return a, 1.0 - a**2
    if name == "relu":
        return np.maximum(z, 0.0), np.where(z > 0, 1.0, 0.0)
    if name == "leaky_relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)
    raise ValueError(name)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
