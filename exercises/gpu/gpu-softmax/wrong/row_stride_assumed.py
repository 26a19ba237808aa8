"""The rows are taken to lie one right after the other.

Where does the next row of a view begin? Ask the tensor for its strides.
"""

import torch


def softmax_rows(x):
    z = x.as_strided(x.shape, (x.shape[1], 1)).float()
    e = torch.exp(z - z.amax(1, keepdim=True))  # (M, N)
    return (e / e.sum(1, keepdim=True)).to(x.dtype)
