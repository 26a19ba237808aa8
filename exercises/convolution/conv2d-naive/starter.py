import numpy as np


def conv2d(x, w, b, stride, pad):
    """Return the outputs of the layer, shape (N, F, H', W')."""
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    # how many rows and columns does the output have?
    return np.zeros((N, F, H, W))
