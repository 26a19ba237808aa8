import numpy as np


def step(theta, grad_fn, state, lr, mu, variant):
    """Return theta after one step; `state` is the dict that lives from step to step."""
    v = state.get("v", np.zeros(theta.shape))
    state["v"] = v  # the velocity belongs here
    return theta - lr * grad_fn(theta)  # this is plain gradient descent
