"""Plain Python floats, one number at a time; results as a list of arrays in C order."""

import math

import numpy as np


def sigmoid(x):
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def one(name, x, alpha):
    if name == "step":
        return (1.0 if x >= 0 else 0.0), 0.0
    if name == "linear":
        return x, 1.0
    if name == "sigmoid":
        return sigmoid(x), sigmoid(x) * sigmoid(-x)
    if name == "tanh":
        return math.tanh(x), 4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x)
    slope = 1.0 if x > 0 else (alpha if name == "leaky_relu" else 0.0)
    return slope * x, slope


def activation(name, z, alpha=0.01):
    pairs = [one(name, float(x), alpha) for x in z.ravel()]
    if z.ndim == 0:
        return list(pairs[0])
    return [np.array(column).reshape(z.shape) for column in zip(*pairs, strict=True)]
