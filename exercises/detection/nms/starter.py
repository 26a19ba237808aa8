import numpy as np


def nms(boxes, scores, thr):
    """Return the indices of the kept boxes, the highest score first."""
    order = np.argsort(-scores, kind="stable")
    # keep the first of the order, drop what overlaps it too much, go on with the rest
    return order


def batched_nms(boxes, scores, cls, thr):
    """The same, but only boxes of one class suppress each other."""
    return nms(boxes, scores, thr)
