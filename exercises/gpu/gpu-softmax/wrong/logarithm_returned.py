"""The logarithm of the shares is returned.

Are shares ever negative?
"""

import torch


def softmax_rows(x):
    z = x.float()
    e = torch.exp(z - z.amax(1, keepdim=True))  # (M, N)
    return torch.log(e / e.sum(1, keepdim=True)).to(x.dtype)
