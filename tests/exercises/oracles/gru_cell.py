"""torch.nn.GRUCell over 30 steps."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import torch

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

MISTAKEN = ("hidden_bias_outside_reset",)


def cases(module: ModuleType) -> Iterator[Case]:
    for rows, inputs, units, scale in (
        (1, 1, 1, 1.0),
        (3, 4, 5, 1.0),
        (4, 3, 3, 1.0),
        (2, 2, 3, 15.0),
    ):
        cell = torch.nn.GRUCell(inputs, units, dtype=torch.float64)
        weights = [scale * rng.normal(size=tuple(p.shape)) for p in cell.parameters()]
        for parameter, weight in zip(cell.parameters(), weights, strict=True):
            parameter.data = tensor(weight)
        h = rng.normal(size=(rows, units))
        for t in range(30):
            x = rng.normal(size=(rows, inputs))
            expected = cell(tensor(x), tensor(h)).detach().numpy()
            h = module.gru_cell(x, h, *weights)
            yield f"{rows, inputs, units} step {t + 1}", h, expected, *VALUE
