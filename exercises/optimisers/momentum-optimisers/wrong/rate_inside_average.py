"""In the averaging form the learning rate is inside the velocity.

The velocity of this form is an average of gradients and of nothing else.
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
        if variant == "ema":
            v = carried + lr * (1.0 - mu) * g
        moved = theta - (v if variant == "ema" else lr * v)
    state["v"] = v
    return moved
