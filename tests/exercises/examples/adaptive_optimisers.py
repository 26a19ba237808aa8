from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    for method in ("adagrad", "rmsprop", "adam", "adamax", "nadam"):
        theta = np.array([1.0])
        state: dict[str, Any] = {}
        for g in (2.0, -1.0, 0.5):
            theta = getattr(module, f"{method}_step")(theta, np.array([g]), state, 0.1)
            yield theta + 0.0
