"""The classes begin one entry too early.

Which number stands right before the classes?
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def encode_v1(rows, S, C):
    target = np.zeros((S, S, 5 + C))
    by_area = np.argsort(rows[:, 3] * rows[:, 4], kind="stable")
    for label, x, y, w, h in rows[by_area]:
        j = min(int(x * S), S - 1)
        i = min(int(y * S), S - 1)
        target[i, j] = 0
        target[i, j, :5] = x * S - j, y * S - i, w, h, 1
        target[i, j, 4 + int(label)] = 1
    return target


def decode_v3(t, anchors, stride):
    A, channels, S, _ = t.shape
    column, row = np.arange(S), np.arange(S)[:, None]
    cx = (sigmoid(t[:, 0]) + column) * stride  # (A, S, S)
    cy = (sigmoid(t[:, 1]) + row) * stride
    w = anchors[:, 0, None, None] * np.exp(t[:, 2])
    h = anchors[:, 1, None, None] * np.exp(t[:, 3])
    classes = sigmoid(t[:, 5:])
    score = sigmoid(t[:, 4]) * classes.max(axis=1)
    label = classes.argmax(axis=1).astype(float)
    return np.stack([cx, cy, w, h, score, label], axis=-1).reshape(A * S * S, 6)
