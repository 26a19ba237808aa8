"""Twice the intersection is divided by the sum of the areas.

That is another measure, named after Dice. What does the formula divide by?
"""

import numpy as np


def iou(A, B):
    ax1, ay1, ax2, ay2 = A.T[:, :, None]  # (n, 1) each
    bx1, by1, bx2, by2 = B.T[:, None, :]  # (1, m) each
    wide = np.minimum(ax2, bx2) - np.maximum(ax1, bx1)
    high = np.minimum(ay2, by2) - np.maximum(ay1, by1)
    intersection = np.maximum(wide, 0) * np.maximum(high, 0)
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1)
    return np.divide(2 * intersection, union, out=np.zeros_like(union), where=union > 0)
