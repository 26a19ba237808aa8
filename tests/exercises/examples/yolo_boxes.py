from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    rows = np.array([[7, 0.95, 0.4, 0.25, 0.3]])
    yield rows
    yield module.to_pixels(rows, 200, 100, False)
    yield module.to_pixels(rows, 200, 100, True)
    yield module.to_coco(rows, 200, 100)
