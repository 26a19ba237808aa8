"""The result is float32.

Which dtype does the statement ask for?
"""

import torch

TILE = 16


def matmul(a, b):
    M, K = a.shape
    N = b.shape[1]
    c = torch.zeros(M, N, dtype=torch.float32, device=a.device)
    for i in range(0, M, TILE):
        rows = slice(i, i + TILE)
        for j in range(0, N, TILE):
            columns = slice(j, j + TILE)
            total = torch.zeros_like(c[rows, columns], dtype=torch.float32)
            for k in range(0, K, TILE):
                inner = slice(k, k + TILE)
                x, y = a[rows, inner].float(), b[inner, columns].float()
                total = total + (x[:, :, None] * y).sum(1)
            c[rows, columns] = total
    return c
