"""Boxes count as apart where no corner of one lies inside the other.

Two boxes can form a cross.
"""

import numpy as np


def iou(A, B):
    ax1, ay1, ax2, ay2 = A.T[:, :, None]  # (n, 1) each
    bx1, by1, bx2, by2 = B.T[:, None, :]  # (1, m) each
    wide = np.minimum(ax2, bx2) - np.maximum(ax1, bx1)
    high = np.minimum(ay2, by2) - np.maximum(ay1, by1)
    intersection = np.maximum(wide, 0) * np.maximum(high, 0)
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - intersection
    inside = np.zeros(union.shape, dtype=bool)
    for x, y in ((ax1, ay1), (ax1, ay2), (ax2, ay1), (ax2, ay2)):
        inside |= (bx1 <= x) & (x <= bx2) & (by1 <= y) & (y <= by2)
    for x, y in ((bx1, by1), (bx1, by2), (bx2, by1), (bx2, by2)):
        inside |= (ax1 <= x) & (x <= ax2) & (ay1 <= y) & (y <= ay2)
    intersection = np.where(inside, intersection, 0)
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)
