import numpy as np


def train(X, y, lr, max_epochs):
    """Return w, b, the number of passes made, and whether the last one was clean."""
    w, b = np.zeros(2), 0.0
    epochs, converged = 0, False
    return w, b, epochs, converged


def xor_net():
    """Return W1, b1, W2, b2 of a net of step units that computes XOR."""
    return np.zeros((2, 2)), np.zeros(2), np.zeros(2), 0.0
