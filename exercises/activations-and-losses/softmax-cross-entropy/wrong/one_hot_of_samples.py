"""The one-hot rows have as many entries as there are samples.

A one-hot row needs one place for each class. Try two samples with five classes.
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
    return loss, (p - np.eye(N)[y]) / N
