import numpy as np


def grad_step(w, b, X, Y, lr):
    """Return the new w, shape (n, 1), the new b and the loss J before the step."""
    n, m = X.shape
    J = 0.0
    # which of the loops can become one operation on whole arrays?
    return np.zeros((n, 1)), 0.0, J
