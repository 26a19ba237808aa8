from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    mask = np.array([1.0, 0.0, 1.0, 1.0, 1.0])
    yield module.dropout_backward(np.arange(1.0, 6.0), mask, 0.2)  # y of a mask is the same product
    yield module.dropout_backward(np.full(5, 2.0), mask, 0.2)
