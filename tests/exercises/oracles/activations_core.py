"""torch's activations and autograd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, tensor

MISTAKEN = ("sigmoid_clipped",)


def cases(module: ModuleType) -> Iterator[Case]:
    grid = np.concatenate([np.linspace(-6, 6, 37), [-1e4, -700.0, -1e-9, 0.0, 1e-9, 700.0, 1e4]])
    curves: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "linear": lambda z: 1.0 * z,
    }
    for name, curve in curves.items():
        yield from _activation_cases(module, name, grid, curve)
    for alpha in (0.01, 1.5, -0.5):
        yield from _activation_cases(
            module, "leaky_relu", grid, partial(F.leaky_relu, negative_slope=alpha), alpha
        )
    a, slope = module.activation("step", grid)
    one = torch.tensor(1.0, dtype=torch.float64)
    yield "step", a, torch.heaviside(tensor(grid), one).numpy(), *VALUE
    yield "step'", slope, np.zeros(grid.shape), *GRADIENT
    tail = np.array([-31.0, -40.0, -300.0, -700.0])
    a, _ = module.activation("sigmoid", tail)
    yield "sigmoid, relative", a, torch.sigmoid(tensor(tail)).numpy(), 1e-9, 0.0


def _activation_cases(
    module: ModuleType,
    name: str,
    grid: np.ndarray,
    curve: Callable[[torch.Tensor], torch.Tensor],
    *alpha: float,
) -> Iterator[Case]:
    z = tensor(grid).requires_grad_()
    expected = curve(z)
    a, slope = module.activation(name, grid, *alpha)
    yield name, a, expected.detach().numpy(), *VALUE
    yield f"{name}'", slope, gradients(expected.sum(), z)[0], *GRADIENT
