"""mu is the weight of the new gradient, and 1 - mu that of the old velocity.

A ball with mu = 0.9 rolls on for long. Which of the two does 0.9 multiply?
"""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    mu = 1.0 - mu
    carried = mu * state.get("v", np.zeros(theta.shape))
    g = grad_fn(theta - carried if variant == "nag" else theta)
    if variant in ("heavy-ball", "nag"):
        v = carried + lr * g
        moved = theta - v
    else:
        v = carried + (g if variant == "torch" else (1.0 - mu) * g)
        moved = theta - lr * v
    state["v"] = v
    return moved
