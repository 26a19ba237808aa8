"""The bias gradient is averaged over the samples a second time.

The bias is a weight whose input is always 1. Which factor is in delta already, and so in the
weight gradient too?
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
        gB.insert(0, delta.mean(axis=0))
        if l > 0:
            delta = delta @ W.T * a[l] * (1.0 - a[l])
    return gW, gB
