"""Without any box the result of from_pixels has no columns.

Which shape has np.array([])?
"""

import numpy as np


def to_pixels(rows, W, H, clip):
    label, x, y, w, h = rows.T
    x1, x2 = (x - w / 2) * W, (x + w / 2) * W
    y1, y2 = (y - h / 2) * H, (y + h / 2) * H
    if clip:
        x1, x2 = np.clip(x1, 0, W), np.clip(x2, 0, W)
        y1, y2 = np.clip(y1, 0, H), np.clip(y2, 0, H)
    return np.stack([label, x1, y1, x2, y2], axis=1)


def from_pixels(rows, W, H):
    label, x1, y1, x2, y2 = rows.T
    x, w = (x1 + x2) / 2 / W, (x2 - x1) / W
    y, h = (y1 + y2) / 2 / H, (y2 - y1) / H
    rows = np.stack([label, x, y, w, h], axis=1)
    return np.array([row for row in rows])


def to_coco(rows, W, H):
    label, x, y, w, h = rows.T
    left, top = (x - w / 2) * W, (y - h / 2) * H
    return np.stack([label, left, top, w * W, h * H], axis=1)
