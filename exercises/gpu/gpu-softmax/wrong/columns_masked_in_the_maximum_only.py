"""Columns added to reach a power of two are masked in the maximum and not in the sum.

Count the ones that exp(0) adds.
"""

import torch


def softmax_rows(x):
    columns = x.shape[1]
    width = 1 << (columns - 1).bit_length()
    z = x.float() - x.float().amax(1, keepdim=True)
    e = torch.exp(torch.nn.functional.pad(z, (0, width - columns)))  # (M, width)
    y = e / e.sum(1, keepdim=True)
    return y[:, :columns].to(x.dtype)
