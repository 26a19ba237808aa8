"""Layer normalisation: each row by its own mean and variance, then gamma and beta per feature."""

import numpy as np


def ln_forward(x, gamma, beta, eps):
    """Return (y, cache); x is (..., D)."""
    mean = x.mean(axis=-1, keepdims=True)
    inv_std = 1.0 / np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    xhat = (x - mean) * inv_std
    cache = xhat, inv_std, gamma
    return gamma * xhat + beta, cache


def ln_backward(dy, cache):
    """Return (dx, dgamma, dbeta); gamma and beta gather from all rows."""
    xhat, inv_std, gamma = cache
    leading = tuple(range(dy.ndim - 1))
    dgamma = (dy * xhat).sum(axis=leading)
    dbeta = dy.sum(axis=leading)
    dxhat = dy * gamma
    from_mean = dxhat.mean(axis=-1, keepdims=True)
    from_var = xhat * (dxhat * xhat).mean(axis=-1, keepdims=True)
    return inv_std * (dxhat - from_mean - from_var), dgamma, dbeta
