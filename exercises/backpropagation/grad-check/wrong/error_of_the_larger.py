"""The error is taken relative to the larger entry.

What does the formula divide by where both entries have the same size?
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    point = x.copy()
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        point[index] = x[index] + h
        above = f(point)
        point[index] = x[index] - h
        below = f(point)
        point[index] = x[index]
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    quotient = np.abs(a - b) / np.where(size > 0, size, 1.0)
    return float(np.max(quotient, initial=0.0))


def find_broken(layers):
    found = []
    for name, (forward, backward, in_shape) in layers.items():
        rng = np.random.default_rng(0)
        x = rng.uniform(0.3, 2.0, size=(2, *in_shape)) * rng.choice([-1.0, 1.0], size=in_shape)
        x[1] *= -1.0
        dy = rng.normal(size=forward(x).shape)
        v = 1e-5 * rng.normal(size=x.shape)
        change = np.sum((forward(x + v) - forward(x - v)) * dy) / 2
        claimed = backward(x, dy) * v
        if abs(change - np.sum(claimed)) > 1e-6 * np.sum(np.abs(claimed)) + 1e-14:
            found.append(name)
    return found
