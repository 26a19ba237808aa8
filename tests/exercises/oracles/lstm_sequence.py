"""torch.nn.LSTM."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import torch

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

MISTAKEN = ("hidden_biases_missing", "cell_shown_without_tanh")
SIZES = ((1, 1, 1, 1, 1.0), (1, 3, 2, 4, 1.0), (4, 2, 3, 5, 1.0), (3, 3, 3, 3, 1.0))
NAMES = ("out", "hT", "cT")


def cases(module: ModuleType) -> Iterator[Case]:
    functions = [name for name in ("lstm", "lstm_loops") if hasattr(module, name)]
    for steps, rows, inputs, units, scale in (*SIZES, (5, 2, 3, 2, 5.0), (50, 32, 32, 64, 0.2)):
        net = torch.nn.LSTM(inputs, units, dtype=torch.float64)
        weights = [scale * rng.normal(size=tuple(p.shape)) for p in net.parameters()]
        for parameter, weight in zip(net.parameters(), weights, strict=True):
            parameter.data = tensor(weight)
        x = scale * rng.normal(size=(steps, rows, inputs))
        h0, c0 = scale * rng.normal(size=(2, rows, units))
        out, (hidden, cell) = net(tensor(x), (tensor(h0)[None], tensor(c0)[None]))
        for function in functions:
            got = getattr(module, function)(x, h0, c0, *weights)
            for name, mine, theirs in zip(NAMES, got, (out, hidden[0], cell[0]), strict=True):
                where = f"{function} {name} {steps, rows, inputs, units}"
                yield where, mine, theirs.detach().numpy(), *VALUE
