"""The loss is taken at the class with the largest logit, not at the true class.

A wrong prediction must cost more than a right one. Where does y enter your loss?
"""

import numpy as np


def softmax_ce(logits, y):
    N = logits.shape[0]
    rows = np.arange(N)
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - z[rows, z.argmax(axis=1)])
    p = e / total
    p[rows, y] -= 1.0
    return loss, p / N
