"""The velocity is not kept in the dict that was passed in, so that each step starts at rest.

Momentum is what is left of the step before. Where does it wait for the next one?
"""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    carried = mu * state.get("v", np.zeros(theta.shape))
    g = grad_fn(theta - carried if variant == "nag" else theta)
    if variant in ("heavy-ball", "nag"):
        v = carried + lr * g
        moved = theta - v
    else:
        v = carried + (g if variant == "torch" else (1.0 - mu) * g)
        moved = theta - lr * v
    return moved
