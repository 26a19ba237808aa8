from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    params = [
        (np.array([[0.5], [-1.0]]), np.array([0.0])),
        (np.array([[2.0]]), np.array([-1.0])),
    ]
    inputs, targets = np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([[1.0], [0.0]])
    _, a1, a2 = module.forward(params, inputs)
    yield a1[1]
    yield a2[1]
    yield ((a2 - targets) ** 2).sum() / 4
    yield from (gradient for part in module.backward(params, inputs, targets) for gradient in part)
