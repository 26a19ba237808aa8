"""Reference: all pairs by broadcasting, one coordinate at a time.

`iou_loops` is the baseline of the speed check: plain Python over floats.
"""

import numpy as np


def iou(A, B):
    ax1, ay1, ax2, ay2 = A.T[:, :, None]  # (n, 1) each
    bx1, by1, bx2, by2 = B.T[:, None, :]  # (1, m) each
    wide = np.minimum(ax2, bx2) - np.maximum(ax1, bx1)
    high = np.minimum(ay2, by2) - np.maximum(ay1, by1)
    intersection = np.maximum(wide, 0) * np.maximum(high, 0)
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - intersection
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)


def iou_loops(A, B):
    A, B = A.tolist(), B.tolist()
    found = []
    for ax1, ay1, ax2, ay2 in A:
        row = []
        for bx1, by1, bx2, by2 in B:
            wide = min(ax2, bx2) - max(ax1, bx1)
            high = min(ay2, by2) - max(ay1, by1)
            overlap = wide * high if wide > 0 and high > 0 else 0.0
            union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - overlap
            row.append(overlap / union if union > 0 else 0.0)
        found.append(row)
    return np.array(found).reshape(len(A), len(B))
