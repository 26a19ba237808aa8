import numpy as np


def fit(X, y, rng):
    """Return the layers of a ReLU network, a list of (W: (n_in, n_out), b: (n_out,))."""
    W = rng.normal(size=(2, 2))
    b = np.zeros(2)
    # more layers, and training
    return [(W, b)]
