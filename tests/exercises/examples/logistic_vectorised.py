from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    w, b, lr = np.array([[1.0], [-1.0]]), 0.5, 0.3
    samples, labels = np.array([[1.0, 0, 2], [2, 1, -1]]), np.array([[1.0, 0, 1]])
    new_w, new_b, loss = module.grad_step(w, b, samples, labels, lr)
    yield from (new_w, new_b, loss, (w - new_w) / lr, (b - new_b) / lr)
    z = w.T @ samples + b
    yield from (z, 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-z)) - labels)
