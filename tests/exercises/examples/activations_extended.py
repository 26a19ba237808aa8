from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    yield from module.elu(np.array([-2.0, 0.0, 3.0]), 0.5)
    yield from module.softplus(np.array([-1.0, 0.0, 2.0]))
    yield from module.hard_sigmoid(np.array([-10.0, 1.0, 4.0]), 0.2, 0.5)
    z = np.array([[-2.0, 3.0], [-1.0, -4.0]])
    yield from module.prelu(z, np.array([0.1, 0.5]))
