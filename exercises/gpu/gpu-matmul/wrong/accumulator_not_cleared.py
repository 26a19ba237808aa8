"""The accumulator is not cleared between tiles.

What does a new tile start from?
"""

import torch

TILE = 16


def matmul(a, b):
    M, K = a.shape
    N = b.shape[1]
    c = torch.zeros(M, N, dtype=torch.float16, device=a.device)
    for i in range(0, M, TILE):
        rows = slice(i, i + TILE)
        total = torch.zeros(1, 1, device=a.device)
        for j in range(0, N, TILE):
            columns = slice(j, j + TILE)
            for k in range(0, K, TILE):
                inner = slice(k, k + TILE)
                x, y = a[rows, inner].float(), b[inner, columns].float()
                total = total[: len(x), : y.shape[1]] + (x[:, :, None] * y).sum(1)
            c[rows, columns] = total.half()
    return c
