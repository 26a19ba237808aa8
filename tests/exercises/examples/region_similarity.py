from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    first = {
        "size": 12,
        "bbox": (1, 1, 5, 5),
        "colour": np.array([0.5, 0.5, 0]),
        "texture": np.array([0.25, 0.75]),
    }
    second = {
        "size": 8,
        "bbox": (5, 2, 8, 6),
        "colour": np.array([0.25, 0.25, 0.5]),
        "texture": np.array([0.5, 0.5]),
    }
    yield from module.merge(first, second).values()
    for weights in np.eye(4):
        yield module.similarity(first, second, (10, 8), tuple(weights))
    yield module.similarity(first, second, (10, 8), (1, 1, 1, 1))
