"""Accumulators are arrays changed in place; both corrections of Adam are put into its step size."""

import numpy as np


def memory(state, theta, *names):
    for name in names:
        state.setdefault(name, np.zeros_like(theta, order="F"))
    state["steps"] = [*state.get("steps", []), len(state.get("steps", [])) + 1]
    return [state[name] for name in names]


def fade(a, new, factor):
    a *= factor
    a += (1 - factor) * new
    return a


def adagrad_step(theta, g, state, lr, *, eps=1e-10):
    (G,) = memory(state, theta, "sum")
    G += g * g
    return theta - lr * (g / (G**0.5 + eps))


def rmsprop_step(theta, g, state, lr, *, beta=0.99, eps=1e-8):
    (s,) = memory(state, theta, "mean")
    fade(s, np.square(g), beta)
    return theta - lr * (g / (s**0.5 + eps))


def adam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    m, v = memory(state, theta, "m", "v")
    t = len(state["steps"])
    fade(m, g, b1)
    fade(v, g * g, b2)
    root = np.sqrt(-np.expm1(t * np.log(b2)))  # of the second correction
    return theta - lr * root / (1 - b1**t) * m / (np.sqrt(v) + eps * root)


def adamax_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    m, u = memory(state, theta, "m", "u")
    fade(m, g, b1)
    np.copyto(u, np.where(b2 * u > abs(g) + eps, b2 * u, abs(g) + eps))
    return theta - lr * (m / (1 - b1 ** len(state["steps"]))) / u


def nadam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8, psi=0.004):
    m, v = memory(state, theta, "m", "v")
    fade(m, g, b1)
    fade(v, g * g, b2)
    t = len(state["steps"])
    mu = [b1 * (1 - 0.5 * 0.96 ** (k * psi)) for k in range(1, t + 2)]
    before, after = np.prod(mu[:-1]), np.prod(mu)
    step = (1 - mu[-2]) / (1 - before) * g + mu[-1] / (1 - after) * m
    return theta - lr * step / (np.sqrt(v / (1 - b2**t)) + eps)
