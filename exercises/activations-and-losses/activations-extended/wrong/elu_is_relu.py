"""ELU is 0 on the left, like ReLU.

The larger of 0 and z is another activation. What does ELU tend to far on the left?
"""

import numpy as np


def prelu(z, alpha):
    dz = np.where(z > 0, 1.0, alpha)
    dalpha = np.minimum(z, 0.0).sum(axis=0)
    return z * dz, dz, dalpha


def elu(z, alpha):
    left = np.minimum(z, 0.0)
    a = np.maximum(0.0, z)
    return a, np.where(z > 0, 1.0, alpha * np.exp(left))


def softplus(z):
    a = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    return a, sigmoid(z)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def hard_sigmoid(z, slope, shift):
    line = slope * z + shift
    return np.clip(line, 0.0, 1.0), np.where((line > 0) & (line < 1), slope, 0.0)
