"""The entries of a row are taken to lie side by side.

How far is it from one entry of a row to the next? Ask the tensor for its strides.
"""

import torch


def softmax_rows(x):
    z = x.as_strided(x.shape, (x.stride(0), 1)).float()
    e = torch.exp(z - z.amax(1, keepdim=True))  # (M, N)
    return (e / e.sum(1, keepdim=True)).to(x.dtype)
