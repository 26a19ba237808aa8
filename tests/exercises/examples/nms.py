from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike


def example(module: ModuleType) -> Iterator[ArrayLike]:
    boxes = np.array([[0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10.0]])
    scores = np.array([0.8, 0.9, 0.7])
    kept = module.nms(boxes, scores, 0.5)
    other = module.nms(boxes, np.array([0.9, 0.8, 0.7]), 0.5)
    batched = module.batched_nms(boxes, scores, np.array([0, 1, 0]), 0.5)
    assert [kept.tolist(), other.tolist(), batched.tolist()] == [[1], [0, 2], [1, 0, 2]]
    yield from (kept, other, batched)
    # the thresholds at which the boxes of the example fall
    for second, value in ((1, 70 / 130), (2, 40 / 160)):
        pair, ranks = boxes[[0, second]], np.array([1.0, 0.5])
        assert len(module.nms(pair, ranks, value - 1e-9)) == 1
        assert len(module.nms(pair, ranks, value + 1e-9)) == 2
        yield value
