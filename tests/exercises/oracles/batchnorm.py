"""torch's batch norm in both modes, and autograd through it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("eps_outside_the_root", "running_variance_biased")


def cases(module: ModuleType) -> Iterator[Case]:
    for shape in ((4, 1), (4, 3), (7, 5), (2, 3, 2, 4), (1, 2, 3, 2), (5, 1, 1, 1)):
        for momentum, eps in ((0.1, 1e-5), (0.3, 0.1)):
            yield from _one(module, shape, momentum, eps)


def _one(module: ModuleType, shape: tuple[int, ...], momentum: float, eps: float) -> Iterator[Case]:
    c = shape[1]
    x, dy = 2.0 + 3.0 * rng.normal(size=shape), rng.normal(size=shape)
    gamma, beta, rm = rng.normal(size=(3, c))
    rv = rng.uniform(0.5, 3.0, size=c)
    for training in (True, False):
        leaves = [tensor(value).requires_grad_() for value in (x, gamma, beta)]
        running = [tensor(rm), tensor(rv)]
        expected = F.batch_norm(leaves[0], *running, leaves[1], leaves[2], training, momentum, eps)
        y, cache, new_rm, new_rv = module.bn_forward(
            x, gamma, beta, rm, rv, momentum, eps, training
        )
        name = f"{shape} eps {eps} training {training}"
        yield f"{name} y", y, expected.detach().numpy(), *VALUE
        yield f"{name} rm", new_rm, running[0].numpy(), *VALUE
        yield f"{name} rv", new_rv, running[1].numpy(), *VALUE
        if training:
            theirs = gradients((expected * tensor(dy)).sum(), *leaves)
            for got, grad, what in zip(module.bn_backward(dy, cache), theirs, "xgb", strict=True):
                yield f"{name} d{what}", np.asarray(got), grad, *GRADIENT
