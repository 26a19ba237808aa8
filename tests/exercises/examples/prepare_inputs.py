from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    yield module.image_to_column(np.array([[[[51, 102]], [[153, 204]]]], dtype=np.uint8))
    data, new = np.array([[1.0, 2.0, 6.0], [5.0, 5.0, 5.0]]), np.array([[11.0], [7.0]])
    yield module.apply_scaler(data, module.fit_scaler(data, "minmax"))
    yield module.apply_scaler(new, module.fit_scaler(data, "minmax"))
    yield module.apply_scaler(data, module.fit_scaler(data, "zscore"))
    table = {"The": (0.12, 0.23, 0.56), "win": (0.57, 0.01, 0.02), "the": (0.53, 0.68, 0.91)}
    yield module.embed(["The", "win"], table, False)
    yield module.embed(["The", "win"], table, True)
