"""One body for all: two factors before the gradient and the velocity; v is changed in place."""

import numpy as np

FACTORS = {  # variant: (before the new gradient, before the velocity)
    "heavy-ball": lambda lr, mu: (lr, 1.0),
    "nag": lambda lr, mu: (lr, 1.0),
    "torch": lambda lr, mu: (1.0, lr),
    "ema": lambda lr, mu: (1.0 - mu, lr),
}


def step(theta, grad_fn, state, lr, mu, variant):
    if not state:
        state.update(v=np.zeros(theta.shape), steps=0, note=None)
    v = state["v"]
    v *= mu
    ahead = theta - v if variant == "nag" else theta.copy()
    fresh, all_of_it = FACTORS[variant](lr, mu)
    v += fresh * grad_fn(ahead)
    state["steps"] += 1
    result = theta.copy()
    result -= all_of_it * v
    return result
