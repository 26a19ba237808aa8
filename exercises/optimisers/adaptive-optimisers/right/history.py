"""The state is the list of all gradients; every mean is computed from its closed form."""

from functools import partial

import numpy as np


def weighted(history, factor):
    """Return the sum of (1 - factor) factor^(t - k) times entry k: the running mean at t."""
    t = len(history)
    weights = (1 - factor) * factor ** np.arange(t - 1, -1, -1.0)
    return np.tensordot(weights, np.array(history), axes=1)


def step(rule, theta, g, state, lr, **keywords):
    state.setdefault("history", []).append(g.copy())
    update = rule(np.array(state["history"]), **keywords)
    return np.subtract(theta, lr * update)


def adagrad(h, eps=1e-10):
    return h[-1] / (np.linalg.norm(h, axis=0) + eps)


def rmsprop(h, beta=0.99, eps=1e-8):
    return h[-1] / (np.sqrt(weighted(h**2, beta)) + eps)


def corrected(h, factor):
    return weighted(h, factor) / (1 - factor ** len(h))


def adam(h, b1=0.9, b2=0.999, eps=1e-8):
    return corrected(h, b1) / (np.sqrt(corrected(h**2, b2)) + eps)


def adamax(h, b1=0.9, b2=0.999, eps=1e-8):
    age = np.arange(len(h) - 1, -1, -1.0).reshape(-1, *[1] * (h.ndim - 1))
    return corrected(h, b1) / np.max((np.abs(h) + eps) * b2**age, axis=0)


def nadam(h, b1=0.9, b2=0.999, eps=1e-8, psi=0.004):
    mu = b1 * (1 - 0.5 * 0.96 ** (psi * np.arange(1, len(h) + 2)))
    P = np.cumprod(mu)
    look_ahead = (1 - mu[-2]) / (1 - P[-2]) * h[-1] + mu[-1] / (1 - P[-1]) * weighted(h, b1)
    return look_ahead / (np.sqrt(corrected(h**2, b2)) + eps)


adagrad_step = partial(step, adagrad)
rmsprop_step = partial(step, rmsprop)
adam_step = partial(step, adam)
adamax_step = partial(step, adamax)
nadam_step = partial(step, nadam)
