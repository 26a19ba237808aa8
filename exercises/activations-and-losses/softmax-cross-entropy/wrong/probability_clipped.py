"""The probability is kept away from 0 by clipping before the logarithm.

Beyond the limit every loss is the same. The loss can be written without taking the logarithm of a
probability.
"""

import numpy as np


def softmax_ce(logits, y):
    N = logits.shape[0]
    rows = np.arange(N)
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    p = e / total
    loss = -np.mean(np.log(np.clip(p[rows, y], 1e-15, 1.0)))
    p[rows, y] -= 1.0
    return loss, p / N
