"""The product of torch is called.

The point is to write it: the statement lists what is not allowed.
"""

import torch


def matmul(a, b):
    return torch.matmul(a.float(), b.float()).half()
