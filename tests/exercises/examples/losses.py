from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    y = np.array([1.0, 0.0])
    yield from module.mse(np.array([0.9, 0.2]), y)
    yield from module.bce(np.array([0.9, 0.2]), y)
    yield from module.bce_logits(np.array([2.0, -1.0]), y)
    yield module.bce(np.array([0.0, 1.0]), y)[0]
