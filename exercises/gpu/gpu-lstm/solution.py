"""Reference: all products with the inputs at once, one product a step; and the two baselines.

`separate_gates` has eight products a step, `library` is torch's own LSTM.
"""

import torch


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    from_x = x @ W_ih.T + (b_ih + b_hh)  # (T, N, 4H): blocks i, f, g, o
    h, c, out = h0, c0, []
    for at_t in from_x:
        i, f, g, o = (at_t + h @ W_hh.T).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    return torch.stack(out), h, c


def separate_gates(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    blocks = list(zip(*(p.chunk(4) for p in (W_ih, W_hh, b_ih, b_hh)), strict=True))
    h, c, out = h0, c0, []
    for x_t in x:
        i, f, g, o = (x_t @ W.T + b + h @ U.T + d for W, U, b, d in blocks)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    return torch.stack(out), h, c


def library(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    weights = [W_ih, W_hh, b_ih, b_hh]
    state = h0[None].contiguous(), c0[None].contiguous()
    # with biases, one layer, no dropout, no training, one direction, time first
    out, h, c = torch.lstm(x, state, weights, True, 1, 0.0, False, False, False)
    return out, h[0], c[0]
