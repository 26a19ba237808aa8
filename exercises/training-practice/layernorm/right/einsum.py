"""Sums by einsum; backward starts from x again."""

import numpy as np


def moments(x, eps):
    d = x.shape[-1]
    mean = np.einsum("...d->...", x) / d
    centred = x - mean[..., None]
    return centred, np.einsum("...d,...d->...", centred, centred)[..., None] / d + eps


def ln_forward(x, gamma, beta, eps):
    centred, spread = moments(x, eps)
    return centred / spread**0.5 * gamma + beta, {"x": x, "gamma": gamma, "eps": eps}


def ln_backward(dy, cache):
    centred, spread = moments(cache["x"], cache["eps"])
    d = len(cache["gamma"])
    g = dy * cache["gamma"]
    inner = np.einsum("...d,...d->...", g, centred)[..., None] / (d * spread)
    dx = (g - np.einsum("...d->...", g)[..., None] / d - inner * centred) / np.sqrt(spread)
    xhat = centred / np.sqrt(spread)
    rows = dy.reshape(-1, d)
    return dx, np.einsum("nd,nd->d", rows, xhat.reshape(-1, d)), np.einsum("nd->d", rows)
