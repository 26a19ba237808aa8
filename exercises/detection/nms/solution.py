"""Reference: one vectorised pass over the boxes that are left, for each box that is kept.

`nms_loops` is the baseline of the speed check: the same greedy rule in plain Python.
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
    return np.array(kept, dtype=np.int64)


def batched_nms(boxes, scores, cls, thr):
    kept = np.zeros(len(scores), dtype=bool)
    for label in np.unique(cls):
        own = np.flatnonzero(cls == label)
        kept[own[nms(boxes[own], scores[own], thr)]] = True
    order = np.argsort(-scores, kind="stable")
    return order[kept[order]]


def nms_loops(boxes, scores, thr):
    boxes, scores = boxes.tolist(), scores.tolist()
    order = sorted(range(len(boxes)), key=lambda i: -scores[i])
    gone = [False] * len(boxes)
    kept = []
    for place, i in enumerate(order):
        if gone[i]:
            continue
        kept.append(i)
        ax1, ay1, ax2, ay2 = boxes[i]
        area = (ax2 - ax1) * (ay2 - ay1)
        for j in order[place + 1 :]:
            if gone[j]:
                continue
            bx1, by1, bx2, by2 = boxes[j]
            wide = min(ax2, bx2) - max(ax1, bx1)
            high = min(ay2, by2) - max(ay1, by1)
            overlap = wide * high if wide > 0 and high > 0 else 0.0
            union = area + (bx2 - bx1) * (by2 - by1) - overlap
            gone[j] = overlap > 0 and overlap / union > thr
    return np.array(kept, dtype=np.int64)
