"""Boxes that fall are marked in place; one function with a rule for which pairs may meet."""

import numpy as np


class Suppression:
    def __init__(self, by_class):
        self.by_class = by_class

    def __call__(self, boxes, scores, *rest):
        (cls, thr) = rest if self.by_class else (np.zeros(len(scores), dtype=int), rest[0])
        order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
        order = np.array(order, dtype=np.int64)
        x1, y1, x2, y2 = np.ascontiguousarray(boxes[order].T)
        sizes, label = (x2 - x1) * (y2 - y1), cls[order]
        alive = np.ones(len(order), dtype=bool)
        for k in range(len(order)):
            if not alive[k]:
                continue
            rest = slice(k + 1, None)
            common = np.clip(np.minimum(x2[rest], x2[k]) - np.maximum(x1[rest], x1[k]), 0, None)
            common *= np.clip(np.minimum(y2[rest], y2[k]) - np.maximum(y1[rest], y1[k]), 0, None)
            with np.errstate(divide="ignore", invalid="ignore"):
                value = common / (sizes[rest] + sizes[k] - common)
            alive[rest] &= ~((value > thr) & (label[rest] == label[k]))
        return order[alive]


nms = Suppression(by_class=False)
batched_nms = Suppression(by_class=True)
