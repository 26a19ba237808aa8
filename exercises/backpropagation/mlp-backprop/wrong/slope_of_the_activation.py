"""The slope is taken at the activation: the sigmoid is applied a second time.

The slope formula may use the activation that you already have. Is a put in where a belongs, or
where z belongs?
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
    s = sigmoid(a[-1])
    delta = (a[-1] - Y) / N * s * (1.0 - s)
    for l in reversed(range(len(params))):
        W, _ = params[l]
        gW.insert(0, a[l].T @ delta)
        gB.insert(0, delta.sum(axis=0))
        if l > 0:
            s = sigmoid(a[l])
            delta = delta @ W.T * s * (1.0 - s)
    return gW, gB
