"""Signs for labels: the loss is softplus of minus the margin, its slope a sigmoid of it."""

import numpy as np


def softplus(t):
    return np.maximum(t, 0) + np.log1p(np.exp(-abs(t)))


def grad_step(w, b, X, Y, lr):
    sign = 2 * Y - 1
    margin = sign * (np.dot(w.T, X) + b)
    # sigmoid(-margin) = exp(-softplus(margin))
    pull = -sign * np.exp(-softplus(margin))
    J = softplus(-margin).mean()
    dw = (X * pull).mean(axis=1, keepdims=True)
    return w - lr * dw, np.subtract(b, lr * pull.mean()), J
