"""Central differences, one entry at a time, and a hunt for layers whose backward is wrong."""

import numpy as np

WRONG = 1e-4  # a mistake of 1 % shows as 5e-3, rounding as 1e-7 or less


def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of f at x, an array of x's shape."""
    point = x.copy()
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        point[index] = x[index] + h
        above = f(point)
        point[index] = x[index] - h
        below = f(point)
        point[index] = x[index]
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(a, b):
    """Return max |a - b| / (|a| + |b|), where 0 / 0 counts as 0."""
    difference, size = np.abs(a - b), np.abs(a) + np.abs(b)
    quotient = np.divide(difference, size, out=np.zeros(size.shape), where=size > 0)
    return float(quotient.max(initial=0.0))


def find_broken(layers):
    """Return the names of the layers whose backward disagrees with their forward."""
    return [name for name, layer in layers.items() if is_broken(*layer)]


def is_broken(forward, backward, in_shape):
    rng = np.random.default_rng(0)
    shape = (2, *in_shape)
    # Away from 0, where a layer may have a kink, and on both sides of it in every column.
    x = rng.uniform(0.3, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=in_shape)
    x[1] *= -1.0
    dy = rng.normal(size=forward(x).shape)
    numerical = numerical_gradient(lambda point: np.sum(forward(point) * dy), x)
    return relative_error(backward(x, dy), numerical) > WRONG
