"""autograd of the same net in torch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import ModuleType

import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import GRADIENT, VALUE, Case, gradients, rng, tensor

MISTAKEN = ("updated_weights",)


def cases(module: ModuleType) -> Iterator[Case]:
    for sizes, rows in (
        ((4, 3, 4, 2), 5),
        ((4, 3, 4, 2), 1),
        ((3, 3, 3), 4),
        ((3, 2), 6),
        ((3, 5, 4, 3, 2, 1), 6),
    ):
        pairs = list(pairwise(sizes))
        params = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in pairs]
        inputs, targets = rng.normal(size=(rows, sizes[0])), rng.uniform(size=(rows, sizes[-1]))
        leaves = [(tensor(w).requires_grad_(), tensor(b).requires_grad_()) for w, b in params]
        a = [tensor(inputs)]
        for w, b in leaves:
            a.append(torch.sigmoid(F.linear(a[-1], w.T, b)))
        loss = 0.5 * F.mse_loss(a[-1], tensor(targets), reduction="sum") / rows
        got = module.forward(params, inputs)
        for layer, (mine, theirs) in enumerate(zip(got, a, strict=True)):
            yield f"{sizes} a{layer}", mine, theirs.detach().numpy(), *VALUE
        gw, gb = module.backward(params, inputs, targets)
        flat = [leaf for pair in leaves for leaf in pair]
        expected = gradients(loss, *flat)
        for layer in range(len(params)):
            yield f"{sizes} gW{layer}", gw[layer], expected[2 * layer], *GRADIENT
            yield f"{sizes} gB{layer}", gb[layer], expected[2 * layer + 1], *GRADIENT
