"""Norms of gradients: autograd over a loss written with torch.nn, and central differences."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import Case, gradients, rng, tensor

MISTAKEN = ("residual_detached", "spectral_norm")
FOLDER = Path(__file__).parents[3] / "exercises/training-practice/vanishing-lab"
sys.path.append(str(FOLDER / "given"))  # solutions import the experiment

Loss = Callable[[list[torch.Tensor]], torch.Tensor]


def cases(module: ModuleType) -> Iterator[Case]:
    for act in ("sigmoid", "tanh", "relu"):
        for residual in (False, True):
            for depth, width, examples, scale in ((1, 1, 1, 1.0), (3, 4, 5, 1.0), (9, 5, 4, 0.2)):
                matrices = [rng.normal(size=(width, width)) * scale for _ in range(depth)]
                # the first output of a lone ReLU must not be 0: a norm of 0 compares with nothing
                matrices[0][0, 0] = abs(matrices[0][0, 0])
                x, y = np.abs(rng.normal(size=(examples, width))), rng.random((examples, width))
                leaves = [tensor(w).requires_grad_() for w in matrices]
                loss = _loss(tensor(x), tensor(y), act, residual)
                expected = [np.linalg.norm(g) for g in gradients(loss(leaves), *leaves)]
                got = module.grad_norms(
                    [tensor(w) for w in matrices], tensor(x), tensor(y), act, residual
                )
                name = f"{act}, residual {residual}, {depth} layers"
                yield name, np.array(got), np.array(expected), 1e-6, 0.0
                if depth == 3:
                    slopes = np.array(list(_differences(loss, matrices)))
                    yield f"{name}, differences", np.array(got), slopes, 1e-6, 0.0


def _loss(x: torch.Tensor, y: torch.Tensor, act: str, residual: bool) -> Loss:
    f = {"sigmoid": F.sigmoid, "tanh": F.tanh, "relu": F.relu}[act]

    def loss(weights: list[torch.Tensor]) -> torch.Tensor:
        a = x
        for w in weights:
            a = f(F.linear(a, w.T)) + (a if residual else 0)
        return F.mse_loss(a, y, reduction="sum") / (2 * len(x))

    return loss


def _differences(loss: Loss, matrices: list[np.ndarray], h: float = 1e-5) -> Iterator[float]:
    for layer in range(len(matrices)):
        total = 0.0
        for place in np.ndindex(matrices[layer].shape):
            sides = []
            for sign in (1, -1):
                moved = [w.copy() for w in matrices]
                moved[layer][place] += sign * h
                sides.append(float(loss([tensor(w) for w in moved])))
            total += ((sides[0] - sides[1]) / (2 * h)) ** 2
        yield total**0.5
