"""Plain Python, one box after the other; Fortran order; callables that are no functions."""

from functools import partial

import numpy as np


def each(rows, *args, convert):
    found = [[row[0], *convert(*row[1:], *args)] for row in rows.tolist()]
    return np.asfortranarray(np.array(found, dtype=float).reshape(len(rows), 5))


def left_top(x, y, w, h, W, H):
    return x * W - w * W / 2, y * H - h * H / 2, w * W, h * H


def corners(x, y, w, h, W, H, clip):
    x1, y1, wide, high = left_top(x, y, w, h, W, H)
    found = x1, y1, x1 + wide, y1 + high
    if not clip:
        return found
    return [min(max(value, 0.0), edge) for value, edge in zip(found, (W, H, W, H))]


def centre(x1, y1, x2, y2, W, H):
    w, h = (x2 - x1) / W, (y2 - y1) / H
    return x1 / W + w / 2, y1 / H + h / 2, w, h


to_pixels = partial(each, convert=corners)
from_pixels = partial(each, convert=centre)
to_coco = partial(each, convert=left_top)
