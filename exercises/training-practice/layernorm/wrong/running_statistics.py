"""Statistics run from call to call.

A row needs nothing but itself. What does the same input give the second time?
"""

import numpy as np

_running = {}


def ln_forward(x, gamma, beta, eps):
    """Return (y, cache); x is (..., D)."""
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    old_mean, old_var = _running.get(x.shape, (mean, var))
    mean, var = 0.9 * old_mean + 0.1 * mean, 0.9 * old_var + 0.1 * var
    _running[x.shape] = mean, var
    inv_std = 1.0 / np.sqrt(var + eps)
    xhat = (x - mean) * inv_std
    return gamma * xhat + beta, (xhat, inv_std, gamma)


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
