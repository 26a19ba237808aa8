from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    x = np.array([[[[1.0, 2, 0], [0, 1, 3]]]])
    w = np.array([[[[1.0, -1], [2, 0]]]])
    dx, dw, db = module.conv2d_backward(np.array([[[[1.0, 2.0]]]]), x, w, 1, 0)
    assert (dx == [[[[1, 1, -2], [2, 4, 0]]]]).all()  # short numbers occur by chance in a text
    assert (dw == [[[[5, 2], [2, 7]]]]).all()
    yield from (dx, dw, db)
