"""The mean absolute value was taken.

The mean entry of (3, 4) is 3.5. How long is this vector?
"""

import experiment
import torch

ACTS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def grad_norms(W, X, Y, act, residual):
    weights = [w.clone().requires_grad_() for w in W]
    a = X
    for w in weights:
        out = ACTS[act](a @ w)
        a = out + a if residual else out
    loss = ((a - Y) ** 2).sum() / (2 * len(X))
    return [float(g.abs().mean()) for g in torch.autograd.grad(loss, weights)]


def run():
    return {name: grad_norms(*case) for name, case in experiment.cases().items()}


ANSWERS = {
    "smallest": "sigmoid-small-plain",
    "largest": "relu-he-residual",
    "residual_gain": "sigmoid",
}
