"""Forward and backward pass of a dense net with the sigmoid at every layer.

L = 1/(2N) sum (aL - Y)^2 and delta_l = dL/dz_l. The delta of the output layer is
(aL - Y)/N times the slope, each earlier one the next delta times W transposed times the slope.
"""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def forward(params, X):
    """Return [X, a1, ..., aL]; a_l has shape (N, n_l)."""
    activations = [X]
    for W, b in params:
        activations.append(sigmoid(activations[-1] @ W + b))
    return activations


def backward(params, X, Y):
    """Return (gW, gB), the gradients of L in the shapes of params."""
    a = forward(params, X)
    gW, gB = [], []
    delta = (a[-1] - Y) / len(X) * a[-1] * (1.0 - a[-1])  # (N, nL)
    for layer in reversed(range(len(params))):
        gW.insert(0, a[layer].T @ delta)
        gB.insert(0, delta.sum(axis=0))
        W, _ = params[layer]
        delta = delta @ W.T * a[layer] * (1.0 - a[layer])  # (N, n of this layer's input)
    return gW, gB
