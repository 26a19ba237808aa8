"""Candidate and output gate are exchanged.

In which order do the blocks stand? Libraries differ.
"""

import torch


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    from_x = x @ W_ih.T + (b_ih + b_hh)  # (T, N, 4H)
    h, c, out = h0, c0, []
    for at_t in from_x:
        i, f, o, g = (at_t + h @ W_hh.T).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    return torch.stack(out), h, c
