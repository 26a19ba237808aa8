"""Small noisy pictures of shapes, on which the backbone was trained."""

import numpy as np

KINDS = ("circle", "square", "triangle", "plus")
SIZE = 16


def distance(kind, u, v, r):
    """Return how far each pixel is from the outline of a shape of radius r around 0."""
    if kind == "circle":
        return np.hypot(u, v) - r
    if kind == "square":
        return np.maximum(np.abs(u), np.abs(v)) - 0.9 * r
    if kind == "triangle":
        return np.maximum(v, 0.866 * np.abs(u) - 0.5 * v) - 0.6 * r
    arms, ends = np.minimum(np.abs(u), np.abs(v)), np.maximum(np.abs(u), np.abs(v)) - r
    return np.maximum(arms, ends)


def pictures(kinds, n, rng, distance=distance):
    """Return n pictures (n, 1, 16, 16) and which of the kinds each shows (n,)."""
    y = rng.integers(0, len(kinds), size=n)
    row, column = np.mgrid[0:SIZE, 0:SIZE] - (SIZE - 1) / 2
    x = np.empty((n, 1, SIZE, SIZE))
    for picture, label in zip(x, y, strict=True):
        angle, r = rng.uniform(-0.4, 0.4), rng.uniform(3.5, 5.5)
        down, right = rng.uniform(-2.0, 2.0, size=2)
        a, b = column - right, row - down
        u, v = np.cos(angle) * a + np.sin(angle) * b, np.cos(angle) * b - np.sin(angle) * a
        ink = np.exp(-(distance(kinds[label], u, v, r) ** 2))
        picture[0] = rng.uniform(0.7, 1.3) * ink + rng.normal(scale=0.25, size=ink.shape)
    return x, y
