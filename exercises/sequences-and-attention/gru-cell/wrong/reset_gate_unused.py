"""The reset gate is not used.

With r = 1 the candidate sees all of the old state. Where does r enter?
"""

import numpy as np


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, e) / (1.0 + e)


def gru_cell(x, h, W_ih, W_hh, b_ih, b_hh):
    _, W_iz, W_in = np.split(W_ih, 3)
    _, W_hz, W_hn = np.split(W_hh, 3)
    _, b_iz, b_in = np.split(b_ih, 3)
    _, b_hz, b_hn = np.split(b_hh, 3)
    z = sigmoid(x @ W_iz.T + b_iz + h @ W_hz.T + b_hz)
    n = np.tanh(x @ W_in.T + b_in + h @ W_hn.T + b_hn)
    return (1.0 - z) * n + z * h
