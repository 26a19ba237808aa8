"""The velocity lives outside of state, so that all parameters share it.

Two parameters are updated in turn. Whose velocity does the second one find?
"""

import numpy as np

SHARED = {}


def step(theta, grad_fn, state, lr, mu, variant):
    state = SHARED
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
