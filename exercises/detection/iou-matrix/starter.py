import numpy as np


def iou(A, B):
    """Return the IoU of each box of A with each box of B, shape (n, m)."""
    n, m = len(A), len(B)
    # which shapes do A[:, None, :] and B[None, :, :] have?
    return np.full((n, m), -1.0)
