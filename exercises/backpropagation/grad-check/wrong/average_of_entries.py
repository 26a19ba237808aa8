"""The errors of a layer are averaged.

One wrong column among many right ones must not disappear.
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
    size = np.abs(a) + np.abs(b)
    quotient = np.abs(a - b) / np.where(size > 0, size, 1.0)
    return float(np.max(quotient, initial=0.0))


def find_broken(layers):
    found = []
    for name, (forward, backward, in_shape) in layers.items():
        rng = np.random.default_rng(0)
        x = rng.uniform(0.3, 2.0, size=(2, *in_shape)) * rng.choice([-1.0, 1.0], size=in_shape)
        x[1] *= -1.0
        dy = rng.normal(size=forward(x).shape)
        slopes = central(lambda point, f=forward, dy=dy: np.sum(f(point) * dy), x)
        size = np.maximum(np.abs(slopes), 1e-12)
        if np.mean(np.abs(backward(x, dy) - slopes) / size) > 4e-3:
            found.append(name)
    return found


def central(f, x):
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-5
        slopes[index] = (f(x + step) - f(x - step)) / 2e-5
    return slopes


def largest(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
