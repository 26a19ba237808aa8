"""torch's activations and autograd; the general hard sigmoid as a clamp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("softplus_log_of_sum", "elu_slope_one_at_zero")

Curve = Callable[[torch.Tensor], torch.Tensor]


def cases(module: ModuleType) -> Iterator[Case]:
    grid = np.concatenate([np.linspace(-6, 6, 36), [-800.0, -50.0, -1e-6, 1e-6, 50.0, 800.0]])
    for alpha in (0.3, 1.0, 2.5):
        at = np.concatenate([grid, [0.0]])
        yield from _pair(f"elu {alpha}", module.elu(at, alpha), at, partial(F.elu, alpha=alpha))
    yield from _pair("softplus", module.softplus(grid), grid, F.softplus)
    tail = np.linspace(-60.0, -25.0, 15)
    expected = F.softplus(tensor(tail)).numpy()
    yield "softplus, relative", module.softplus(tail)[0], expected, 1e-9, 0.0
    torch_form = module.hard_sigmoid(grid, 1 / 6, 0.5)
    yield from _pair("hard sigmoid of torch", torch_form, grid, F.hardsigmoid)
    for slope, shift in ((0.2, 0.5), (0.7, 0.35), (0.4, 0.65)):
        got = module.hard_sigmoid(grid, slope, shift)
        yield from _pair(f"hard sigmoid {slope} {shift}", got, grid, _clamped(slope, shift))
    for rows, channels in ((1, 1), (1, 3), (3, 3), (6, 2)):
        yield from _prelu(module, rng.normal(size=(rows, channels)), rng.normal(size=channels))


def _clamped(slope: float, shift: float) -> Curve:
    return lambda z: torch.clamp(slope * z + shift, 0.0, 1.0)


def _pair(name: str, got: tuple[np.ndarray, ...], at: np.ndarray, curve: Curve) -> Iterator[Case]:
    z = tensor(at).requires_grad_()
    expected = curve(z)
    yield name, got[0], expected.detach().numpy(), *VALUE
    yield f"{name}'", got[1], gradients(expected.sum(), z)[0], *GRADIENT


def _prelu(module: ModuleType, at: np.ndarray, alpha: np.ndarray) -> Iterator[Case]:
    z, weight = tensor(at).requires_grad_(), tensor(alpha).requires_grad_()
    expected = F.prelu(z, weight)
    dz, dalpha = gradients(expected.sum(), z, weight)
    got = module.prelu(at, alpha)
    yield f"prelu {at.shape}", got[0], expected.detach().numpy(), *VALUE
    yield f"prelu {at.shape} dz", got[1], dz, *GRADIENT
    yield f"prelu {at.shape} dalpha", got[2], dalpha, *GRADIENT
