import numpy as np


def encode_v1(rows, S, C):
    """Boxes of one image -> the target of the grid, shape (S, S, 5 + C)."""
    target = np.zeros((S, S, 5 + C))
    for label, x, y, w, h in rows:
        ...
    return target


def decode_v3(t, anchors, stride):
    """Raw outputs (A, 5 + C, S, S) -> rows (cx, cy, w, h, score, class), shape (A * S * S, 6)."""
    A, channels, S, _ = t.shape
    return np.zeros((A * S * S, 6))
