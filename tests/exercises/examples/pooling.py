from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    x = np.array([[[[1.0, 3, 2], [4, 0, 5], [7, 6, 8]]]])
    dy = np.array([[[[1.0, 2], [3, 4]]]])
    largest, cache = module.pool2d(x, 2, 1, "max")
    assert (largest == [[[[4, 5], [7, 8]]]]).all()  # short numbers occur by chance in a text
    assert (module.pool2d_backward(dy, cache) == [[[[0, 0, 0], [1, 0, 2], [3, 0, 4]]]]).all()
    average, cache = module.pool2d(x, 2, 1, "avg")
    yield average
    yield module.pool2d_backward(dy, cache)
