"""The gradient from steps of h / 2 to each side; layers by slopes along many random directions."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    steps = 0.5 * h * np.eye(x.size).reshape(x.size, *x.shape)
    pairs = np.array([[f(x + step), f(x - step)] for step in steps])
    return (-np.diff(pairs, axis=1) / h).reshape(x.shape)


def relative_error(a, b):
    size = np.abs(a) + np.abs(b)
    return float(max((np.abs(a - b)[size > 0] / size[size > 0]).tolist(), default=0.0))


def find_broken(layers):
    return [name for name in layers if disagrees(*layers[name])]


def disagrees(forward, backward, in_shape):
    rng = np.random.default_rng(7)
    x = rng.uniform(0.2, 2.0, size=(3, *in_shape)) * rng.choice([-1, 1], size=(3, *in_shape))
    dy = rng.normal(size=forward(x).shape)
    dx = backward(x, dy)
    for _ in range(4):
        v = 1e-5 * rng.normal(size=x.shape)
        change = np.sum((forward(x + v) - forward(x - v)) * dy) / 2
        if abs(change - np.sum(dx * v)) > 1e-6 * np.sum(np.abs(dx * v)) + 1e-14:
            return True
    return False
