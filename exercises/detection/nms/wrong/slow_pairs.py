"""Pair after pair is compared in Python.

Let one numpy call compare a kept box with all that are left.
"""

import numpy as np


def nms(boxes, scores, thr):
    x1, y1, x2, y2 = boxes.T.tolist()
    kept = []
    for i in np.argsort(-scores, kind="stable").tolist():
        for j in kept:
            wide = min(x2[j], x2[i]) - max(x1[j], x1[i])
            high = min(y2[j], y2[i]) - max(y1[j], y1[i])
            if wide > 0 and high > 0:
                both = (x2[j] - x1[j]) * (y2[j] - y1[j]) + (x2[i] - x1[i]) * (y2[i] - y1[i])
                if wide * high > thr * (both - wide * high):
                    break
        else:
            kept.append(i)
    return np.array(kept, dtype=np.int64)


def batched_nms(boxes, scores, cls, thr):
    kept = np.zeros(len(scores), dtype=bool)
    for label in np.unique(cls):
        own = np.flatnonzero(cls == label)
        kept[own[nms(boxes[own], scores[own], thr)]] = True
    order = np.argsort(-scores, kind="stable")
    return order[kept[order]]
