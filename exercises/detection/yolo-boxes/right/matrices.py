"""Every conversion is one matrix product; the result is a transposed view."""

import numpy as np

CORNERS = np.array([[1, 0, -0.5, 0], [0, 1, 0, -0.5], [1, 0, 0.5, 0], [0, 1, 0, 0.5]])
CENTRE = np.array([[0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [-1, 0, 1, 0], [0, -1, 0, 1]])
COCO = np.array([[1, 0, -0.5, 0], [0, 1, 0, -0.5], [0, 0, 1, 0], [0, 0, 0, 1]])


def joined(rows, numbers):
    return np.vstack([rows[:, 0], numbers]).T


def to_pixels(rows, W, H, clip):
    size = np.array([W, H, W, H], dtype=float)[:, None]
    corners = (CORNERS @ rows[:, 1:].T) * size
    if clip:
        corners = np.minimum(np.maximum(corners, 0), size)
    return joined(rows, corners)


def from_pixels(rows, W, H):
    return joined(rows, CENTRE @ (rows[:, 1:].T / [[W], [H], [W], [H]]))


def to_coco(rows, W, H):
    return joined(rows, (COCO @ rows[:, 1:].T) * [[W], [H], [W], [H]])
