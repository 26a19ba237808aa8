"""The averaging form is corrected for its start at 0, as in Adam.

Adam divides by 1 minus a power of its factor. Does the formula of this statement?
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
        state["t"] = state.get("t", 0) + 1
        scale = 1.0 - mu ** state["t"] if variant == "ema" else 1.0
        moved = theta - lr * v / scale
    state["v"] = v
    return moved
