"""nn.LSTM in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import torch

from tests.exercises.oracles.common import Case, rng, tensor

MISTAKEN = ("states_in_half_precision", "forget_bias_of_one")
SIZES = ((1, 1, 1, 1), (2, 3, 4, 5), (5, 4, 4, 4), (128, 3, 4, 8))


def cases(module: ModuleType) -> Iterator[Case]:
    names = [n for n in ("lstm", "separate_gates", "library") if hasattr(module, n)]
    for steps, rows, inputs, units in SIZES:
        layer = torch.nn.LSTM(inputs, units, dtype=torch.float64)
        arrays = [0.3 * rng.normal(size=tuple(p.shape)) for p in layer.parameters()]
        arrays[2][units : 3 * units] += 4.0  # a cell that remembers
        weights = [tensor(array).float() for array in arrays]
        for parameter, weight in zip(layer.parameters(), weights, strict=True):
            parameter.data = weight.double()
        x = tensor(rng.normal(size=(steps, rows, inputs))).float()
        h, c = (tensor(rng.normal(size=(rows, units))).float() for _ in range(2))
        out, (h_last, c_last) = layer(x.double(), (h[None].double(), c[None].double()))
        expected = [t.detach().float().numpy() for t in (out, h_last[0], c_last[0])]
        for name in names:
            got = getattr(module, name)(x, h, c, *weights)
            for result, mine, theirs in zip(("out", "hT", "cT"), got, expected, strict=True):
                case = f"{name} {steps, rows, inputs, units} {result}"
                yield case, mine.numpy(), theirs, 1e-3, 1e-4
