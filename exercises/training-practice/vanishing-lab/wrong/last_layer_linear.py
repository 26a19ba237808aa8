"""The last layer has no activation.

Every layer is alike, the last one too.
"""

import experiment
import torch

ACTS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def grad_norms(W, X, Y, act, residual):
    weights = [w.clone().requires_grad_() for w in W]
    a = X
    for w in weights:
        out = a @ w if w is weights[-1] else ACTS[act](a @ w)
        a = out + a if residual else out
    loss = ((a - Y) ** 2).sum() / (2 * len(X))
    return [float(g.norm()) for g in torch.autograd.grad(loss, weights)]


def run():
    return {name: grad_norms(*case) for name, case in experiment.cases().items()}


ANSWERS = {
    "smallest": "sigmoid-small-plain",
    "largest": "relu-he-residual",
    "residual_gain": "sigmoid",
}
