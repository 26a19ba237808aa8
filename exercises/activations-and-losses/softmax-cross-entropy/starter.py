import numpy as np


def softmax_ce(logits, y):
    """Return the mean cross-entropy of softmax(logits) and its gradient, shape (N, C)."""
    loss = 0.0
    dlogits = np.zeros(logits.shape)
    # compute both here
    return loss, dlogits
