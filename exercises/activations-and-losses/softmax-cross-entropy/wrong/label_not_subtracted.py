"""The gradient is p / N: the 1 of the true class is missing.

All entries of your gradient are positive, so every logit would be pushed down. What do the
entries of a row sum to?
"""

import numpy as np


def softmax_ce(logits, y):
    N = logits.shape[0]
    rows = np.arange(N)
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - z[rows, y])
    p = e / total
    return loss, p / N
