"""torch's layer norm, and autograd through it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("eps_outside_the_root", "gamma_after_the_sums")


def cases(module: ModuleType) -> Iterator[Case]:
    for shape in ((1, 2), (1, 5), (4, 3), (7, 10), (2, 3, 4), (2, 2, 3, 5)):
        for eps in (1e-5, 0.1):
            d = shape[-1]
            x, dy = 2.0 + 3.0 * rng.normal(size=shape), rng.normal(size=shape)
            gamma, beta = rng.normal(size=(2, d))
            leaves = [tensor(value).requires_grad_() for value in (x, gamma, beta)]
            expected = F.layer_norm(leaves[0], (d,), leaves[1], leaves[2], eps)
            y, cache = module.ln_forward(x, gamma, beta, eps)
            yield f"{shape} eps {eps} y", y, expected.detach().numpy(), *VALUE
            theirs = gradients((expected * tensor(dy)).sum(), *leaves)
            for got, grad, what in zip(module.ln_backward(dy, cache), theirs, "xgb", strict=True):
                yield f"{shape} eps {eps} d{what}", np.asarray(got), grad, *GRADIENT
