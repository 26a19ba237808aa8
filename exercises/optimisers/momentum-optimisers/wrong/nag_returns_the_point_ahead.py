"""Nesterov's step returns the next point ahead in the place of theta.

torch keeps the points ahead as its parameters. The statement asks for theta itself.
"""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    carried = mu * state.get("v", np.zeros(theta.shape))
    g = grad_fn(theta) if variant in ("torch", "ema") else None
    if variant == "nag":
        v = carried + lr * grad_fn(theta)
        moved = theta + carried - (1.0 + mu) * v
    elif variant == "heavy-ball":
        v = carried + lr * grad_fn(theta)
        moved = theta - v
    else:
        v = carried + (g if variant == "torch" else (1.0 - mu) * g)
        moved = theta - lr * v
    state["v"] = v
    return moved
