"""The gradients come in the order last layer first.

The walk goes backwards, the result does not. To which layer does gW[0] belong?
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
        gW.append(a[l].T @ delta)
        gB.append(delta.sum(axis=0))
        if l > 0:
            delta = delta @ W.T * a[l] * (1.0 - a[l])
    return gW, gB
