"""Six activations with their slopes, elementwise.

The sigmoid is computed from exp(-|z|), which lies in (0, 1] and cannot overflow.
"""

import numpy as np


def activation(name, z, alpha=0.01):
    """Return (a, da_dz), both float64 of z's shape."""
    z = np.array(z, dtype=np.float64)  # a copy: results never share memory with the argument
    return ACTIVATIONS[name](z, alpha)


def step(z, alpha):
    return np.where(z >= 0, 1.0, 0.0), np.zeros_like(z)


def linear(z, alpha):
    return z, np.ones_like(z)


def sigmoid(z, alpha):
    e = np.exp(-np.abs(z))
    a = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return a, e / (1.0 + e) ** 2


def tanh(z, alpha):
    a = np.tanh(z)
    return a, 1.0 - a**2


def relu(z, alpha):
    return leaky_relu(z, 0.0)


def leaky_relu(z, alpha):
    slope = np.where(z > 0, 1.0, alpha)
    return slope * z, slope


ACTIVATIONS = {
    "step": step,
    "linear": linear,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
}
