"""All weights start at 0.

What is the gradient of a weight when all activations are 0? Can two units ever become different?
"""

from itertools import pairwise

import numpy as np

SIZES = (2, 64, 64, 2)
EPOCHS, BATCH, RATE = 30, 100, 0.01


def fit(X, y, rng):
    """Return the layers of a ReLU network, a list of (W: (n_in, n_out), b: (n_out,))."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    Z = (X - mean) / std
    values = []
    for n_in, n_out in pairwise(SIZES):
        values += [np.zeros((n_in, n_out)), np.zeros(n_out)]
    moments = [(np.zeros_like(value), np.zeros_like(value)) for value in values]
    t = 0
    for epoch in range(EPOCHS):
        rate = RATE * (1.0 - epoch / EPOCHS)
        order = rng.permutation(len(Z))
        for start in range(0, len(Z), BATCH):
            rows = order[start : start + BATCH]
            t += 1
            adam(values, gradients(values, Z[rows], y[rows]), moments, rate, t)
    W, b = values[:2]
    first = (W / std[:, None], b - (mean / std) @ W)  # takes raw points
    return [first, *zip(values[2::2], values[3::2], strict=True)]


def gradients(values, Z, y):
    """Return the gradients of the mean cross-entropy, in the order of values."""
    activations = [Z]
    for W, b in zip(values[::2], values[1::2], strict=True):
        activations.append(np.maximum(activations[-1] @ W + b, 0.0))
    logits = activations[-2] @ values[-2] + values[-1]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1.0
    delta, found = p / len(y), []
    for layer in reversed(range(len(values) // 2)):
        found = [activations[layer].T @ delta, delta.sum(axis=0), *found]
        delta = (delta @ values[2 * layer].T) * (activations[layer] > 0)
    return found


def adam(values, grads, moments, rate, t):
    """Change values by one step."""
    for value, g, (m, v) in zip(values, grads, moments, strict=True):
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        value -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
