"""The averaging form adds the whole gradient.

The weights of the old average and of the new gradient add up to 1.
"""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    carried = mu * state.get("v", np.zeros(theta.shape))
    g = grad_fn(theta - carried if variant == "nag" else theta)
    if variant in ("heavy-ball", "nag"):
        v = carried + lr * g
        moved = theta - v
    else:
        v = carried + g
        moved = theta - lr * v
    state["v"] = v
    return moved
