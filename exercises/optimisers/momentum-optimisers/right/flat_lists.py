"""The velocity is a list of Python floats, one state per variant inside the state."""

import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    mine = state.setdefault(variant, {"v": [0.0] * theta.size})
    old = np.array(mine["v"]).reshape(theta.shape)
    if variant == "nag":
        g = grad_fn((theta - mu * old).astype(float))
        v = mu * old + lr * g
        new = theta - v
    elif variant == "heavy-ball":
        v = mu * old + lr * grad_fn(theta)
        new = theta - v
    elif variant == "torch":
        v = grad_fn(theta) + mu * old
        new = theta - v * lr
    elif variant == "ema":
        g = grad_fn(theta)
        v = g + mu * (old - g)
        new = theta - v * lr
    else:
        raise ValueError(f"no such variant: {variant}")
    mine["v"] = v.ravel().tolist()
    return new
