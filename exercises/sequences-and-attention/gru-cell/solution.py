"""One step of a gated recurrent unit, in the form and gate order of torch.nn.GRUCell.

Cho et al. 2014, but with the reset gate applied after the recurrent product:
n = tanh(W_in x + b_in + r (W_hn h + b_hn)).
"""

import numpy as np


def gru_cell(x, h, W_ih, W_hh, b_ih, b_hh):
    """Return the next hidden state, shape (N, H)."""
    H = h.shape[1]
    from_x = x @ W_ih.T + b_ih  # (N, 3H): blocks r, z, n
    from_h = h @ W_hh.T + b_hh
    r = sigmoid(from_x[:, :H] + from_h[:, :H])
    z = sigmoid(from_x[:, H : 2 * H] + from_h[:, H : 2 * H])
    n = np.tanh(from_x[:, 2 * H :] + r * from_h[:, 2 * H :])
    return (1.0 - z) * n + z * h


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, e) / (1.0 + e)
