from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    A = np.array([[0, 0, 6, 4], [2, 1, 4, 3.0]])  # noqa: N806
    B = np.array([[4, 1, 9, 7], [0, 0, 6, 4], [9, 6, 14, 11.0]])  # noqa: N806
    yield module.iou(A, B)
