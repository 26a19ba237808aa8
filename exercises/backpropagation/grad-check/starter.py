import numpy as np


def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of f at x, of x's shape; f takes an array of x's shape."""
    return np.zeros_like(x)


def relative_error(a, b):
    """Return the largest relative error between the entries of a and b."""
    return 0.0


def find_broken(layers):
    """Return the names of the broken layers: a dict name -> (forward, backward, in_shape)."""
    return []
