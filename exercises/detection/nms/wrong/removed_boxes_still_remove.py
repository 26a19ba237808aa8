"""Boxes that were removed still remove others.

Only a box that is kept removes others. In the chain A, B, C: who removes C, once B is gone?
"""

import numpy as np


def nms(boxes, scores, thr):
    x1, y1, x2, y2 = boxes.T
    areas = (x2 - x1) * (y2 - y1)
    left = np.argsort(-scores, kind="stable")
    kept = []
    order, fallen = left, np.zeros(len(left), dtype=bool)
    for k, i in enumerate(order):
        if not fallen[k]:
            kept.append(i)
        left = order[k + 1 :]
        wide = np.minimum(x2[left], x2[i]) - np.maximum(x1[left], x1[i])
        high = np.minimum(y2[left], y2[i]) - np.maximum(y1[left], y1[i])
        common = np.maximum(wide, 0) * np.maximum(high, 0)
        union = areas[left] + areas[i] - common
        fallen[k + 1 :] |= common > thr * union
    return np.array(kept, dtype=np.int64)


def batched_nms(boxes, scores, cls, thr):
    kept = np.zeros(len(scores), dtype=bool)
    for label in np.unique(cls):
        own = np.flatnonzero(cls == label)
        kept[own[nms(boxes[own], scores[own], thr)]] = True
    order = np.argsort(-scores, kind="stable")
    return order[kept[order]]
