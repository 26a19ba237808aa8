"""The logarithm of the sum is subtracted; powers of two; a callable that is no function."""

import math

import torch


class Softmax:
    factor = 1 / math.log(2)

    def __call__(self, x):
        z = x.to(torch.float32)
        top, _ = z.max(dim=-1, keepdim=True)
        z = z - top
        z -= torch.logsumexp(z, dim=-1, keepdim=True)
        return torch.exp2(z * self.factor).type_as(x)


softmax_rows = Softmax()
