from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    yield module.numerical_gradient(lambda x: float(x[0] ** 2 * x[1]), np.array([3.0, 2.0]))
    yield module.relative_error(np.array([1.0, 0.0, 2.0]), np.array([1.01, 0.0, 2.0]))
    yield module.numerical_gradient(lambda x: float(np.sum(3 * x**2)), np.array([2.0]))
