from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    x, h0 = np.array([0.5, -0.2, 0.4]).reshape(3, 1, 1), np.array([[0.3]])
    h, cache = module.rnn_forward(x, h0, np.array([[0.8]]), np.array([[1.1]]), np.array([0.1]))
    yield h
    dh = np.array([1.0, 0.0, 2.0]).reshape(3, 1, 1)
    gradients = module.rnn_backward(dh, cache)
    yield from gradients
    grads = [gradients[2], gradients[3], gradients[4]]
    yield module.clip_global_norm(grads, 1.0)
    yield from grads
