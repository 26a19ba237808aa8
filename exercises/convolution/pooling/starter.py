import numpy as np


def pool2d(x, k, stride, mode):
    """Return (y, cache); mode is "max" or "avg"."""
    N, C, H, W = x.shape
    # how many rows and columns does y have?
    return np.zeros((N, C, H, W)), {}


def pool2d_backward(dy, cache):
    """Return dx; cache is what pool2d returned beside y."""
    return np.zeros_like(dy)


def roi_max_pool(f, box, out=7):
    """Return the maxima of out x out bins of the box (x1, y1, x2, y2), shape (C, out, out)."""
    return np.zeros((f.shape[0], out, out))
