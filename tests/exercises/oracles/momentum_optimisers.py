"""torch.optim.SGD, step by step, over a quadratic; the forms torch lacks follow from its own.

Heavy ball equals torch's form while the learning rate is constant, the average is torch's form with
rates of (1 - mu) lr, and Nesterov's points ahead are what torch keeps while the rate is constant.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import torch

from tests.exercises.oracles.common import VALUE, Case, rng, tensor

MISTAKEN = ("rate_inside_torch", "nag_without_look_ahead")
CONSTANT, DROPPING = [0.05] * 30, [0.05] * 30 + [0.01] * 30


def cases(module: ModuleType) -> Iterator[Case]:
    for mu in (0.5, 0.9):
        yield from _walk(module, "torch", mu, DROPPING, scale=1.0)
        yield from _walk(module, "ema", mu, DROPPING, scale=1.0 - mu)
        yield from _walk(module, "heavy-ball", mu, CONSTANT, scale=1.0)
        yield from _walk(module, "nag", mu, CONSTANT, scale=1.0)


def _walk(
    module: ModuleType, variant: str, mu: float, rates: list[float], *, scale: float
) -> Iterator[Case]:
    h, c = rng.uniform(0.5, 8.0, size=(2, 3)), rng.normal(size=(2, 3))
    theta, state, asked = rng.normal(size=(2, 3)), dict[str, Any](), list[np.ndarray]()
    leaf = torch.nn.Parameter(tensor(theta))
    optimiser = torch.optim.SGD([leaf], lr=0.1, momentum=mu, nesterov=variant == "nag")

    def gradient(point: np.ndarray) -> np.ndarray:
        asked.append(np.array(point))
        return h * (point - c)

    for t, lr in enumerate(rates, 1):
        before = leaf.detach().numpy().copy()
        optimiser.param_groups[0]["lr"] = scale * lr
        leaf.grad = tensor(h * (before - c))
        optimiser.step()
        theta = module.step(theta, gradient, state, lr, mu, variant)
        if variant == "nag":
            yield f"{variant} {mu}: point ahead in step {t}", asked[-1], before, *VALUE
        else:
            after = leaf.detach().numpy().copy()
            yield f"{variant} {mu}: step {t}", theta, after, *VALUE
