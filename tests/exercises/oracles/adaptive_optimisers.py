"""torch.optim, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import torch

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

Options = dict[str, Any]
Run = tuple[Callable[..., np.ndarray], type[torch.optim.Optimizer], Options, Options]

MISTAKEN = ("adam_eps_inside",)


def cases(module: ModuleType) -> Iterator[Case]:
    # NAdam keeps its product of mu in the default dtype.
    torch.set_default_dtype(torch.float64)
    optim = torch.optim
    for eps in (1e-8, 1e-2):
        betas, pair = (0.8, 0.95), {"b1": 0.8, "b2": 0.95}
        runs: tuple[Run, ...] = (
            (module.adagrad_step, optim.Adagrad, {}, {}),
            (module.rmsprop_step, optim.RMSprop, {"alpha": 0.9}, {"beta": 0.9}),
            (module.rmsprop_step, optim.RMSprop, {}, {}),
            (module.adam_step, optim.Adam, {"betas": betas}, pair),
            (module.adam_step, optim.Adam, {}, {}),
            (module.adamax_step, optim.Adamax, {"betas": betas}, pair),
            (
                module.nadam_step,
                optim.NAdam,
                {"betas": betas, "momentum_decay": 0.05},
                pair | {"psi": 0.05},
            ),
            (module.nadam_step, optim.NAdam, {}, {}),
        )
        for step, optimiser, theirs, mine in runs:
            for zeros_first in (False, True):
                yield from _walk(
                    step, optimiser, theirs | {"eps": eps}, mine | {"eps": eps}, zeros_first
                )
    yield from _walk(module.adagrad_step, optim.Adagrad, {}, {}, zeros_first=False)


def _walk(
    step: Callable[..., np.ndarray],
    optimiser: type[torch.optim.Optimizer],
    theirs: Options,
    mine: Options,
    zeros_first: bool,
) -> Iterator[Case]:
    theta = rng.normal(size=(2, 3))
    leaf = torch.nn.Parameter(tensor(theta))
    torch_step = optimiser([leaf], lr=0.05, **theirs)
    state: Options = {}
    for t, size in enumerate(np.geomspace(3.0, 0.05, 60)):
        g = size * rng.normal(size=theta.shape)
        if zeros_first and t == 0:
            g[0] = 0.0
        leaf.grad = tensor(g)
        torch_step.step()
        theta = step(theta, g, state, 0.05, **mine)
        yield (
            f"{optimiser.__name__} {theirs} step {t + 1}",
            theta,
            leaf.detach().numpy().copy(),
            *VALUE,
        )
