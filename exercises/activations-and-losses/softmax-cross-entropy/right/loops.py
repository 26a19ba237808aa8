"""Row by row with Python floats; the gradient is the transposed view of a (C, N) array."""

import math

import numpy as np


def softmax_ce(logits, y):
    N, C = logits.shape
    losses, gradient = [], np.zeros((C, N))
    for i, row in enumerate(logits.tolist()):
        top = max(row)
        log_sum = top + math.log(math.fsum(math.exp(z - top) for z in row))
        losses.append(log_sum - row[y[i]])
        for j, z in enumerate(row):
            gradient[j, i] = (math.exp(z - log_sum) - (j == y[i])) / N
    return [math.fsum(losses) / N, gradient.T]
