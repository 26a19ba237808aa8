import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(params, X):
    """Return the list [X, a1, ..., aL] of all activations."""
    activations = [X]
    # compute the layers here
    return activations


def backward(params, X, Y):
    """Return (gW, gB): two lists, the gradients of the loss in the shapes of params."""
    gW = [np.zeros(W.shape) for W, b in params]
    gB = [np.zeros(b.shape) for W, b in params]
    # compute the gradients here
    return gW, gB
