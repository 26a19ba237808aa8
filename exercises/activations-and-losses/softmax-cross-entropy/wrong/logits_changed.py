"""The logits are changed in place.

An operator such as -= writes into the array that was passed in. The caller may still need it.
"""

import numpy as np


def softmax_ce(logits, y):
    N = logits.shape[0]
    rows = np.arange(N)
    logits -= logits.max(axis=1, keepdims=True)
    z = logits
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - z[rows, y])
    p = e / total
    p[rows, y] -= 1.0
    return loss, p / N
