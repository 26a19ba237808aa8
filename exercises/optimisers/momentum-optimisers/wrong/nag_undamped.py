"""In Nesterov's form the velocity is carried over without mu, in both places.

Only a part of the old velocity goes on. Without friction the ball never comes to rest.
"""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    carried = (1.0 if variant == "nag" else mu) * state.get("v", np.zeros(theta.shape))
    g = grad_fn(theta - carried if variant == "nag" else theta)
    if variant in ("heavy-ball", "nag"):
        v = carried + lr * g
        moved = theta - v
    else:
        v = carried + (g if variant == "torch" else (1.0 - mu) * g)
        moved = theta - lr * v
    state["v"] = v
    return moved
