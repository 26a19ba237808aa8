"""torch's mean squared error and binary cross-entropy, and autograd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("bce_epsilon", "bce_loss_clamped")

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def cases(module: ModuleType) -> Iterator[Case]:
    for shape in ((1,), (5,), (2, 3), (2, 1, 3)):
        p, z = rng.uniform(0.02, 0.98, size=shape), 3.0 * rng.normal(size=shape)
        for y in (rng.integers(0, 2, size=shape).astype(np.float64), rng.uniform(size=shape)):
            yield from _pair(f"mse {shape}", module.mse(z, y), F.mse_loss, z, y)
            yield from _pair(f"bce {shape}", module.bce(p, y), F.binary_cross_entropy, p, y)
            yield from _logits(module, z, y)
    ends, wrong = np.array([0.0, 1.0, 1e-12, 1e-60, 0.0, 1.0]), np.array([1.0, 0, 1, 1, 0, 1])
    for p, y in ((ends, wrong), (np.array([0.0, 1.0]), np.array([0.3, 0.6]))):
        expected = F.binary_cross_entropy(tensor(p), tensor(y)).item()
        yield f"bce at {p}", module.bce(p, y)[0], expected, *VALUE
    far = np.array([800.0, -800.0, 40.0, -40.0, 800.0, -800.0])
    yield from _logits(module, far, np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0]))


def _logits(module: ModuleType, z: np.ndarray, y: np.ndarray) -> Iterator[Case]:
    loss = F.binary_cross_entropy_with_logits
    yield from _pair(f"bce_logits {z.shape}", module.bce_logits(z, y), loss, z, y)


def _pair(
    name: str, got: tuple[float, np.ndarray], loss: Loss, first: np.ndarray, y: np.ndarray
) -> Iterator[Case]:
    leaf = tensor(first).requires_grad_()
    expected = loss(leaf, tensor(y))
    yield name, got[0], expected.item(), *VALUE
    yield f"{name}, gradient", got[1], gradients(expected, leaf)[0], *GRADIENT
