from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    of_x, of_h = np.array([[1.0], [-1], [2], [0.5]]), np.array([[0.5], [1], [-1], [2]])
    b_ih, b_hh = np.array([0.0, 1, 0, 0]), np.array([0.5, 0, 0, -1])
    x = np.array([1.0, -1.0]).reshape(2, 1, 1)
    h0, c0 = np.array([[0.5]]), np.array([[-0.2]])
    for function in (module.lstm, module.lstm_loops):
        out, hidden, cell = function(x, h0, c0, of_x, of_h, b_ih, b_hh)
        yield out
        yield hidden
        yield cell
    yield function(x[:1], h0, c0, of_x, of_h, b_ih, b_hh)[2]
    sums = (of_x * 1.0 + of_h * 0.5 + (b_ih + b_hh)[:, None])[:, 0]
    yield 1 / (1 + np.exp(-sums[[0, 1, 3]]))
    yield np.tanh(sums[2])
