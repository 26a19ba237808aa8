"""LeNet-5 as a function of its parameters, and its training by torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import VALUE, Case, load, rng, tensor

MISTAKEN = ("pooled_before_tanh", "features_detached")


def _logits(weights: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """LeNet-5 as a function of its ten parameters."""
    w1, b1, w2, b2, *dense = weights
    a = F.avg_pool2d(F.conv2d(x, w1, b1).tanh(), 2)
    a = F.avg_pool2d(F.conv2d(a, w2, b2).tanh(), 2).flatten(1)
    for w, b in zip(dense[:-2:2], dense[1:-2:2], strict=True):
        a = F.linear(a, w, b).tanh()
    return F.linear(a, *dense[-2:])


def cases(module: ModuleType) -> Iterator[Case]:
    assert module.__file__ is not None
    here = Path(module.__file__).parent
    folder = here if (here / "given").is_dir() else here.parent
    trainer = load(str(folder / "given/trainer.py"))
    for rows in (1, 2, 5):
        model = trainer.set_weights(module.LeNet5(), _drawn(trainer.shapes(module.LeNet5())))
        x = tensor(rng.normal(size=(rows, 1, 32, 32)))
        expected = _logits(trainer.weights(model), x)
        yield f"logits of {rows}", model(x).detach().numpy(), expected.numpy(), *VALUE
    yield from _training(trainer, model, tensor(rng.normal(size=(6, 1, 32, 32))))


def _drawn(shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [rng.normal(scale=1.5 / np.prod(shape[1:]) ** 0.5, size=shape) for shape in shapes]


def _training(trainer: ModuleType, model: torch.nn.Module, x: torch.Tensor) -> Iterator[Case]:
    y = torch.tensor(rng.integers(0, 10, size=len(x)))
    leaves = [w.requires_grad_() for w in trainer.weights(model)]
    optimizer = torch.optim.Adam(leaves, lr=1e-3)
    expected = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(_logits(leaves, x), y)
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    losses = trainer.adam_steps(model, x, y, 3, 1e-3)
    yield "losses", np.array(losses), np.array(expected), *VALUE
    for number, (got, leaf) in enumerate(zip(trainer.weights(model), leaves, strict=True)):
        yield f"parameter {number} after Adam", got.numpy(), leaf.detach().numpy(), 1e-6, 1e-9
