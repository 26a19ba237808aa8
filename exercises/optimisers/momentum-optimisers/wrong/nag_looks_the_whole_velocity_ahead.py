"""Nesterov looks ahead by the whole velocity, not by the part that is carried over.

Which part of the old velocity will be in the next step for certain?
"""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    carried = mu * state.get("v", np.zeros(theta.shape))
    g = grad_fn(theta - state.get("v", 0.0) if variant == "nag" else theta)
    if variant in ("heavy-ball", "nag"):
        v = carried + lr * g
        moved = theta - v
    else:
        v = carried + (g if variant == "torch" else (1.0 - mu) * g)
        moved = theta - lr * v
    state["v"] = v
    return moved
