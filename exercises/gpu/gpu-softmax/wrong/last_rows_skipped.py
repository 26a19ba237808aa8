"""Rows after the last whole group of rows are left out.

How many groups do five rows need when a group has four?
"""

import torch

GROUP = 4


def softmax_rows(x):
    rows = x.shape[0]
    whole = rows if rows < GROUP else rows // GROUP * GROUP
    z = x[:whole].float()
    e = torch.exp(z - z.amax(1, keepdim=True))
    y = torch.zeros_like(x)
    y[:whole] = (e / e.sum(1, keepdim=True)).to(x.dtype)
    return y
