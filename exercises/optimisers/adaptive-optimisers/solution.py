"""Five adaptive optimisers; eps is added outside the root, as in torch.optim.

Duchi et al. 2011 (Adagrad), Hinton 2012 (RMSprop), Kingma and Ba 2015 (Adam, AdaMax),
Dozat 2016 (Nadam). A state maps names to the accumulators; missing ones start at 0, t at 1.
"""

import numpy as np


def adagrad_step(theta, g, state, lr, *, eps=1e-10):
    state["G"] = state.get("G", 0.0) + g**2
    return theta - lr * g / (np.sqrt(state["G"]) + eps)


def rmsprop_step(theta, g, state, lr, *, beta=0.99, eps=1e-8):
    state["s"] = beta * state.get("s", 0.0) + (1.0 - beta) * g**2
    return theta - lr * g / (np.sqrt(state["s"]) + eps)


def adam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    t = count(state)
    m, v = moments(g, state, b1, b2)
    m_hat = m / (1.0 - b1**t)
    v_hat = v / (1.0 - b2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps)


def adamax_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    t = count(state)
    state["m"] = b1 * state.get("m", 0.0) + (1.0 - b1) * g
    state["u"] = np.maximum(b2 * state.get("u", 0.0), np.abs(g) + eps)
    return theta - lr / (1.0 - b1**t) * state["m"] / state["u"]


def nadam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8, psi=0.004):
    t = count(state)
    m, v = moments(g, state, b1, b2)
    mu = b1 * (1.0 - 0.5 * 0.96 ** (t * psi))
    mu_next = b1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * psi))
    state["P"] = state.get("P", 1.0) * mu
    look_ahead = (1.0 - mu) / (1.0 - state["P"]) * g + mu_next / (1.0 - state["P"] * mu_next) * m
    v_hat = v / (1.0 - b2**t)
    return theta - lr * look_ahead / (np.sqrt(v_hat) + eps)


def count(state):
    """Return the number t of this step, 1 at the first."""
    state["t"] = state.get("t", 0) + 1
    return state["t"]


def moments(g, state, b1, b2):
    """Return the running means m of g and v of g squared after this step."""
    state["m"] = b1 * state.get("m", 0.0) + (1.0 - b1) * g
    state["v"] = b2 * state.get("v", 0.0) + (1.0 - b2) * g**2
    return state["m"], state["v"]
