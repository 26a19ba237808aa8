"""Adagrad divides by the root of the last square alone.

Its rate for a parameter can only fall. What does the dict that was passed hold after two steps?
"""

import numpy as np


def adagrad_step(theta, g, state, lr, *, eps=1e-10):
    G = g**2
    state["G"] = G
    return theta - lr * g / (np.sqrt(G) + eps)


def rmsprop_step(theta, g, state, lr, *, beta=0.99, eps=1e-8):
    s = beta * state.get("s", np.zeros(theta.shape)) + (1.0 - beta) * g**2
    state["s"] = s
    return theta - lr * g / (np.sqrt(s) + eps)


def adam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    t, m, v = moments(g, state, b1, b2)
    m_hat = m / (1.0 - b1**t)
    v_hat = v / (1.0 - b2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps)


def adamax_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    t, m, _ = moments(g, state, b1, b2)
    u = np.maximum(b2 * state.get("u", np.zeros(theta.shape)), np.abs(g) + eps)
    state["u"] = u
    return theta - lr / (1.0 - b1**t) * m / u


def nadam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8, psi=0.004):
    t, m, v = moments(g, state, b1, b2)
    mu = b1 * (1.0 - 0.5 * 0.96 ** (t * psi))
    mu_next = b1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * psi))
    P = state.get("P", 1.0) * mu
    state["P"] = P
    look_ahead = (1.0 - mu) / (1.0 - P) * g + mu_next / (1.0 - P * mu_next) * m
    return theta - lr * look_ahead / (np.sqrt(v / (1.0 - b2**t)) + eps)


def moments(g, state, b1, b2):
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", np.zeros(g.shape)) + (1.0 - b1) * g
    v = b2 * state.get("v", np.zeros(g.shape)) + (1.0 - b2) * g**2
    state.update(t=t, m=m, v=v)
    return t, m, v
