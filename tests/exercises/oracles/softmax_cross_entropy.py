"""torch's cross-entropy and autograd."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("log_with_epsilon",)


def cases(module: ModuleType) -> Iterator[Case]:
    for rows, classes, scale, shift in (
        (1, 2, 1, 0),
        (4, 7, 1, -1000),
        (4, 7, 400, 0),
        (2, 9, 3, 500),
    ):
        logits = scale * rng.normal(size=(rows, classes)) + shift
        labels = rng.integers(0, classes, size=rows)
        z = tensor(logits).requires_grad_()
        expected = F.cross_entropy(z, torch.tensor(labels))
        loss, dlogits = module.softmax_ce(logits, labels)
        yield f"loss, scale {scale}", loss, expected.item(), *VALUE
        yield f"gradient, scale {scale}", dlogits, gradients(expected, z)[0], *GRADIENT
    loss, dlogits = module.softmax_ce(np.array([[1000.0, -1000.0]]), np.array([1]))
    yield "sure and wrong", loss, 2000.0, *VALUE
    yield "sure and wrong, gradient", dlogits, np.array([[1.0, -1.0]]), *GRADIENT
