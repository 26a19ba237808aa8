"""The probabilities are rounded to 0 before their logarithm is taken.

A probability such as exp(-2000) is 0 in float64. Simplify ln(exp(z) / sum) on paper before you
compute it.
"""

import numpy as np


def softmax_ce(logits, y):
    N = logits.shape[0]
    rows = np.arange(N)
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    p = e / total
    loss = -np.mean(np.log(p[rows, y]))
    p[rows, y] -= 1.0
    return loss, p / N
