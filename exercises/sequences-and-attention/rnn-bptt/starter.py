import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    """Return (h, cache): the states of all steps, and what rnn_backward needs."""
    T, N, D = x.shape
    return np.zeros((T, *h0.shape)), {}


def rnn_backward(dh, cache):
    """Return (dx, dh0, dWx, dWh, db)."""
    # in which order do the steps have to be gone through?
    return None, None, None, None, None


def clip_global_norm(grads, c):
    """Clip the arrays of the list grads together; return their norm before that."""
    return 0.0
