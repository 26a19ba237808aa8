import numpy as np


def mse(p, y):
    """Return (loss, gradient with respect to p)."""
    return 0.0, np.zeros_like(p)


def bce(p, y):
    """Return (loss, gradient with respect to p)."""
    return 0.0, np.zeros_like(p)


def bce_logits(z, y):
    """Return (loss, gradient with respect to z)."""
    return 0.0, np.zeros_like(z)
