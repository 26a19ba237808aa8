from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    loss, dlogits = module.softmax_ce(np.array([[2.0, 1, 0], [0, 0, 0]]), np.array([0, 2]))
    yield loss
    yield dlogits
    yield module.softmax_ce(np.array([[2.0, 1, 0]]), np.array([0]))[0]
    yield module.softmax_ce(np.zeros((1, 3)), np.array([2]))[0]
