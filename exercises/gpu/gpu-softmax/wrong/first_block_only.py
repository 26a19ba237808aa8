"""Columns beyond the first block are never read.

What happens to rows that are longer than one block?
"""

import torch

BLOCK = 1024


def softmax_rows(x):
    z = x[:, :BLOCK].float()
    e = torch.exp(z - z.amax(1, keepdim=True))
    y = torch.zeros_like(x)
    y[:, :BLOCK] = (e / e.sum(1, keepdim=True)).to(x.dtype)
    return y
