import numpy as np


def adagrad_step(theta, g, state, lr, *, eps=1e-10):
    """Return theta after one step; `state` is the dict that lives from step to step."""
    G = state.get("G", np.zeros(theta.shape))
    state["G"] = G  # accumulate here
    return theta - lr * g / (np.sqrt(G) + eps)


def rmsprop_step(theta, g, state, lr, *, beta=0.99, eps=1e-8):
    raise NotImplementedError("write rmsprop_step")


def adam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    raise NotImplementedError("write adam_step")


def adamax_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8):
    raise NotImplementedError("write adamax_step")


def nadam_step(theta, g, state, lr, *, b1=0.9, b2=0.999, eps=1e-8, psi=0.004):
    raise NotImplementedError("write nadam_step")
