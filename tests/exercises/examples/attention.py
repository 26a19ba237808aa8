from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    q, k = np.array([[[2.0]]]), np.array([[[1.0], [0.5]]])
    v = np.array([[[1.0, 10.0], [0.0, 20.0]]])
    yield from module.attention(q, k, v)
    yield from module.attention(q, k, v, np.array([[True, False]]))
    yield from module.attention(q, k, v, np.array([[False, False]]))
