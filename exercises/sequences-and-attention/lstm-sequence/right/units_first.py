"""Units along the first axis, samples along the last; gates as one array of four."""

from collections import namedtuple

import numpy as np

Result = namedtuple("Result", "out hT cT")


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    H = W_hh.shape[1]
    h, c = h0.T.copy(order="F"), c0.T.copy(order="F")
    drive = np.einsum("tnd,kd->tkn", x, W_ih, optimize=True)
    drive += b_ih[:, None]
    drive += b_hh[:, None]
    recurrent = np.asfortranarray(W_hh)
    states = []
    for step in drive:
        i, f, g, o = (recurrent @ h + step).reshape(4, H, -1)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        states.append(h)
    return Result(np.stack(states).swapaxes(1, 2), h.T, c.T)
