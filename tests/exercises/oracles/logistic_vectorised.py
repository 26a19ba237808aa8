"""torch's binary cross-entropy of logits and autograd."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from torch.nn import functional as F  # noqa: N812

from tests.exercises.oracles.common import VALUE, Case, gradients, rng, tensor

MISTAKEN = ("log_with_epsilon", "probability_clipped")


def cases(module: ModuleType) -> Iterator[Case]:
    for n, m, scale in ((1, 1, 1), (3, 5, 1), (4, 4, 1), (6, 2, 3), (2, 9, 300)):
        w, b, lr = rng.normal(size=(n, 1)), rng.normal(), rng.uniform(0.1, 2)
        samples = scale * rng.normal(size=(n, m))
        labels = rng.integers(0, 2, size=(1, m)).astype(np.float64)
        tw, tb = tensor(w).requires_grad_(), tensor(np.array(b)).requires_grad_()
        z = tw.T @ tensor(samples) + tb
        loss = F.binary_cross_entropy_with_logits(z, tensor(labels))
        dw, db = gradients(loss, tw, tb)
        new_w, new_b, got = module.grad_step(w, b, samples, labels, lr)
        name = f"{n} features, {m} samples, scale {scale}"
        yield f"w, {name}", new_w, w - lr * dw, *VALUE
        yield f"b, {name}", new_b, np.asarray(b - lr * db), *VALUE
        yield f"J, {name}", got, loss.item(), *VALUE
    one = np.ones((1, 1))
    for z, y, cost in ((800.0, 0.0, 800.0), (-800.0, 1.0, 800.0), (800.0, 1.0, 0.0)):
        _, _, got = module.grad_step(z * one, 0.0, one, y * one, 1.0)
        yield f"J at z = {z}, y = {y}", got, cost, *VALUE
