"""All products of both matrices at once, in double precision; a callable that is no function."""

import torch


class Product:
    def __init__(self, dtype):
        self.dtype = dtype

    def __call__(self, left, right):
        x, y = left.to(self.dtype), right.to(self.dtype)
        return x.unsqueeze(2).mul(y.unsqueeze(0)).sum(dim=1).type_as(left)


matmul = Product(torch.float64)
