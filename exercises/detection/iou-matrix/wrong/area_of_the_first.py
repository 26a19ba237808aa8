"""The intersection is divided by the area of the first box alone.

Which value has the pair the other way round?
"""

import numpy as np


def iou(A, B):
    ax1, ay1, ax2, ay2 = A.T[:, :, None]  # (n, 1) each
    bx1, by1, bx2, by2 = B.T[:, None, :]  # (1, m) each
    wide = np.minimum(ax2, bx2) - np.maximum(ax1, bx1)
    high = np.minimum(ay2, by2) - np.maximum(ay1, by1)
    intersection = np.maximum(wide, 0) * np.maximum(high, 0)
    union = (ax2 - ax1) * (ay2 - ay1) + np.zeros_like(intersection)
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)
