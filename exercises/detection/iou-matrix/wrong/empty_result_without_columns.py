"""An empty list A gives an array without columns.

Which shape has np.array([])?
"""

import numpy as np


def one(a, b):
    wide = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    high = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    common = wide * high
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common
    return common / union if union > 0 else 0.0


def iou(A, B):
    return np.array([[one(a, b) for b in B] for a in A])
