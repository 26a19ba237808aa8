"""torch.nn.RNN with autograd, and clip_grad_norm_ where its epsilon does not show."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
import torch

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("last_state_for_first", "slope_on_own_gradient_only")
NAMES = ("dx", "dh0", "dWx", "dWh", "db")


def cases(module: ModuleType) -> Iterator[Case]:
    for steps, rows, inputs, units in ((1, 1, 1, 1), (2, 1, 1, 1), (3, 2, 4, 3), (6, 3, 2, 4)):
        where = f"{steps, rows, inputs, units}"
        x, h0 = rng.normal(size=(steps, rows, inputs)), rng.normal(size=(rows, units))
        of_x, of_h = 0.7 * rng.normal(size=(inputs, units)), 0.7 * rng.normal(size=(units, units))
        b = rng.normal(size=units)
        leaves = [tensor(a).requires_grad_() for a in (x, h0, of_x, of_h, b)]
        weights = {
            "weight_ih_l0": leaves[2].T, "weight_hh_l0": leaves[3].T,
            "bias_ih_l0": leaves[4], "bias_hh_l0": torch.zeros(units, dtype=torch.float64),
        }  # fmt: skip
        net = torch.nn.RNN(inputs, units, dtype=torch.float64)
        expected, _ = torch.func.functional_call(net, weights, (leaves[0], leaves[1][None]))
        h, cache = module.rnn_forward(x, h0, of_x, of_h, b)
        yield f"h {where}", h, expected.detach().numpy(), *VALUE
        dh = rng.normal(size=(steps, rows, units))
        right = gradients((expected * tensor(dh)).sum(), *leaves)
        for name, mine, theirs in zip(NAMES, module.rnn_backward(dh, cache), right, strict=True):
            yield f"{name} {where}", mine, theirs, *GRADIENT
    yield from _clipping(module)


def _clipping(module: ModuleType) -> Iterator[Case]:
    for c in (1e5, 1e9):
        arrays = [1e7 * rng.normal(size=shape) for shape in ((2, 3), (3,), (1, 4))]
        parameters = [torch.nn.Parameter(torch.zeros_like(tensor(a))) for a in arrays]
        for parameter, array in zip(parameters, arrays, strict=True):
            parameter.grad = tensor(array)
        expected = torch.nn.utils.clip_grad_norm_(parameters, c)
        norm = np.float64(module.clip_global_norm(arrays, c))
        yield f"norm {c}", norm, np.float64(expected.item()), *VALUE
        for mine, parameter in zip(arrays, parameters, strict=True):
            assert parameter.grad is not None
            yield f"clipped to {c}", mine, parameter.grad.numpy(), *VALUE
