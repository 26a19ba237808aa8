"""One pass for each box of the shorter list; warnings switched off where 0 is divided by 0."""

import numpy as np


def one_to_many(box, others):
    wide = np.minimum(others[:, 2], box[2]) - np.maximum(others[:, 0], box[0])
    high = np.minimum(others[:, 3], box[3]) - np.maximum(others[:, 1], box[1])
    common = np.where((wide > 0) & (high > 0), wide * high, 0.0)
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = common / (areas + (box[2] - box[0]) * (box[3] - box[1]) - common)
    found[np.isnan(found)] = 0
    return found


def iou(A, B):
    if len(B) > len(A):
        return iou(B, A).T
    found = np.zeros((len(A), len(B)))
    for j, box in enumerate(B):
        found[:, j] = one_to_many(box, A)
    return found
