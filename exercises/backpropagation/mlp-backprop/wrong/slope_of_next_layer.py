"""A hidden error is multiplied by the slope of another layer.

Write the shape beside each factor. Which layer does the new error belong to?
"""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def forward(params, X):
    activations = [X]
    for W, b in params:
        z = activations[-1] @ W + b
        activations.append(sigmoid(z))
    return activations


def backward(params, X, Y):
    a = forward(params, X)
    N = len(X)
    gW, gB = [], []
    delta = (a[-1] - Y) / N * a[-1] * (1.0 - a[-1])
    for l in reversed(range(len(params))):
        W, _ = params[l]
        gW.insert(0, a[l].T @ delta)
        gB.insert(0, delta.sum(axis=0))
        if l > 0:
            delta = delta * a[l + 1] * (1.0 - a[l + 1]) @ W.T
    return gW, gB
