"""The maximum of the whole batch is subtracted, not that of each row.

One row with large logits then pushes all exponentials of another row down to 0. What does that
row's sum become?
"""

import numpy as np


def softmax_ce(logits, y):
    N = logits.shape[0]
    rows = np.arange(N)
    z = logits - logits.max()
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - z[rows, y])
    p = e / total
    p[rows, y] -= 1.0
    return loss, p / N
