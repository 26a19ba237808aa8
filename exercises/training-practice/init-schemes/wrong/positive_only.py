"""Uniform weights are drawn from 0 to the bound.

What is the mean of your weights, and what should it be?
"""

import numpy as np


def init(fan_in, fan_out, scheme, rng, sd=1.0):
    shape = (fan_in, fan_out)
    if scheme == "zeros":
        return np.zeros(shape)
    if scheme == "normal":
        return rng.normal(0.0, sd, shape)
    if scheme.startswith("xavier"):
        variance = 2.0 / (fan_in + fan_out)
    else:
        variance = 2.0 / fan_in
    if scheme.endswith("_normal"):
        return rng.normal(0.0, np.sqrt(variance), shape)
    bound = np.sqrt(3.0 * variance)  # U(-b, b) has the variance b^2 / 3
    return rng.uniform(0.0, 2.0 * bound, shape)


def signal_std(depth, width, scheme, act, rng):
    x = rng.normal(size=(500, width))
    for _ in range(depth):
        z = x @ init(width, width, scheme, rng)
        if act == "relu":
            x = np.maximum(z, 0.0)
        elif act == "tanh":
            x = np.tanh(z)
        else:
            x = z
    return float(np.std(x))
