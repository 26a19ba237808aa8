"""The indices come in rising order.

In which order does the statement want them?
"""

import numpy as np


def nms(boxes, scores, thr):
    x1, y1, x2, y2 = boxes.T
    areas = (x2 - x1) * (y2 - y1)
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size:
        i, left = left[0], left[1:]
        kept.append(i)
        wide = np.minimum(x2[left], x2[i]) - np.maximum(x1[left], x1[i])
        high = np.minimum(y2[left], y2[i]) - np.maximum(y1[left], y1[i])
        common = np.maximum(wide, 0) * np.maximum(high, 0)
        union = areas[left] + areas[i] - common
        value = np.divide(common, union, out=np.zeros_like(union), where=union > 0)
        left = left[value <= thr]
    return np.sort(np.array(kept, dtype=np.int64))


def batched_nms(boxes, scores, cls, thr):
    kept = np.zeros(len(scores), dtype=bool)
    for label in np.unique(cls):
        own = np.flatnonzero(cls == label)
        kept[own[nms(boxes[own], scores[own], thr)]] = True
    order = np.argsort(-scores, kind="stable")
    return order[kept[order]]
