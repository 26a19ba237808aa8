from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    weights_x, weights_h = np.array([[1.0], [-1], [2]]), np.array([[0.5], [3], [-1]])
    biases = np.array([0.0, 0.5, 0.0]), np.array([-1.0, 0.0, 1.0])
    yield module.gru_cell(np.ones((1, 1)), np.full((1, 1), 0.5), weights_x, weights_h, *biases)
    yield 1 / (1 + np.exp(-np.array([0.25, 1.0])))
