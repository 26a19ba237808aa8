from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    for variant in ("heavy-ball", "torch", "ema", "nag"):
        theta, state = np.array([1.0]), dict[str, Any]()
        for lr in (0.1, 0.1, 0.05):
            theta = module.step(theta, lambda point: 2 * point, state, lr, 0.5, variant)
            yield theta
