"""One sample after the other, gate by gate with the weights cut into blocks."""

import torch


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    T, N, _ = x.shape
    out, h_last, c_last = x.new_empty(T, N, h0.shape[1]), h0.clone(), c0.clone()
    blocks = list(zip(*(p.tensor_split(4) for p in (W_ih, W_hh, b_ih + b_hh)), strict=True))
    for n in range(N):
        h, c = h0[n], c0[n]
        for t in range(T):
            i, f, g, o = (W.mv(x[t, n]) + U.mv(h) + b for W, U, b in blocks)
            c = torch.lerp(torch.zeros_like(c), c, f.sigmoid()) + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            out[t, n] = h
        h_last[n], c_last[n] = h, c
    return out, h_last, c_last
