import numpy as np


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    """Return (out, hT, cT): the hidden states of all steps, and both states after the last."""
    T, N, D = x.shape
    H = h0.shape[1]
    # what has to wait for the step before, and what has not?
    return np.zeros((T, N, H)), np.zeros((N, H)), np.zeros((N, H))
