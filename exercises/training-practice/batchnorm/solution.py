"""Batch normalisation of rows or images; the gradient is taken through mean and variance."""

import numpy as np


def bn_forward(x, gamma, beta, rm, rv, momentum, eps, training):
    """Return (y, cache, rm, rv); mean and variance are taken over all axes but the channels."""
    axes, shape = _layout(x)
    count = x.size // x.shape[1]  # values of one channel
    mean, var = (x.mean(axis=axes), x.var(axis=axes)) if training else (rm, rv)
    inv_std = 1.0 / np.sqrt(var + eps)
    xhat = (x - mean.reshape(shape)) * inv_std.reshape(shape)
    y = gamma.reshape(shape) * xhat + beta.reshape(shape)
    if training:
        rm = (1.0 - momentum) * rm + momentum * mean
        rv = (1.0 - momentum) * rv + momentum * var * count / (count - 1)
    cache = xhat, inv_std, gamma
    return y, cache, rm, rv


def bn_backward(dy, cache):
    """Return (dx, dgamma, dbeta) for the training call that made this cache."""
    xhat, inv_std, gamma = cache
    axes, shape = _layout(dy)
    count = dy.size // dy.shape[1]
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * xhat).sum(axis=axes)
    centred = dy - dbeta.reshape(shape) / count - xhat * dgamma.reshape(shape) / count
    dx = (gamma * inv_std).reshape(shape) * centred
    return dx, dgamma, dbeta


def _layout(x):
    """Return the axes to average over, and the shape that lines a channel's value up with x."""
    axes = (0, *range(2, x.ndim))
    return axes, tuple(1 if axis in axes else -1 for axis in range(x.ndim))
