import numpy as np


def prelu(z, alpha):
    """Return (a, dz, dalpha): z (N, C), alpha (C,); shapes (N, C), (N, C), (C,)."""
    return np.zeros_like(z), np.zeros_like(z), np.zeros_like(alpha)


def elu(z, alpha):
    """Return (a, da_dz), both of z's shape."""
    return np.zeros_like(z), np.zeros_like(z)


def softplus(z):
    """Return (a, da_dz), both of z's shape."""
    return np.zeros_like(z), np.zeros_like(z)


def hard_sigmoid(z, slope, shift):
    """Return (a, da_dz), both of z's shape."""
    return np.zeros_like(z), np.zeros_like(z)
