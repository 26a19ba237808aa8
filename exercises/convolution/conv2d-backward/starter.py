import numpy as np


def conv2d_backward(dy, x, w, stride, pad):
    """Return (dx, dw, db), the gradients of the loss by x, w and the biases."""
    # which outputs does one pixel of x reach, and through which weights?
    return np.zeros_like(x), np.zeros_like(w), np.zeros(w.shape[0])
