from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    z = np.array([-2.0, 0.0, 3.0])
    for entry in module.activation("sigmoid", z):
        yield entry[[0, 2]]
    yield module.activation("leaky_relu", z, 0.1)[0][:1].round(1)
