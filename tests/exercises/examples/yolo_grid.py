from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    target = module.encode_v1(np.array([[1, 0.5, 0.75, 0.2, 0.4]]), 3, 2)
    assert np.count_nonzero(target.any(axis=2)) == 1
    yield target[2, 1]
    t = np.zeros((1, 7, 2, 2))
    t[0, :, 0, 1] = 0, -1, 0.5, 0, 2, 1, -1
    yield module.decode_v3(t, np.array([[10.0, 20.0]]), 16)[1]
    z = np.array([-1.0, 2.0, 1.0])
    yield 1 / (1 + np.exp(-z))
