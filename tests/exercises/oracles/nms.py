"""The rule as a definition, in exact fractions: a box is kept if no kept one before it beats it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from types import ModuleType

import numpy as np

from tests.exercises.oracles.common import Case, rng

MISTAKEN = ("falls_at_the_threshold", "ties_by_higher_index", "single_precision")
EXACT = (0.0, 0.0)


def exceeds(one: list[Fraction], other: list[Fraction], thr: float) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return False
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high > Fraction(thr) * (sum(areas) - wide * high)


def by_definition(boxes: np.ndarray, scores: np.ndarray, cls: np.ndarray, thr: float) -> np.ndarray:
    exact = [[Fraction(value) for value in box] for box in boxes.tolist()]
    kept: list[int] = []
    for i in sorted(range(len(boxes)), key=lambda i: (-Fraction(float(scores[i])), i)):
        if not any(cls[i] == cls[j] and exceeds(exact[i], exact[j], thr) for j in kept):
            kept.append(i)
    return np.array(kept, dtype=np.int64)


def clusters(n: int, spots: int, low: float) -> np.ndarray:
    centres = rng.uniform(low, low + 300, (spots, 2))[rng.integers(0, spots, n)]
    centres = centres + rng.normal(0, 6, (n, 2))
    half = rng.uniform(20, 40, (n, 2))
    return np.hstack([centres - half, centres + half])


def whole(n: int) -> np.ndarray:
    """Return boxes on a coarse grid: equal boxes, flat ones, and thresholds met exactly."""
    begin = rng.integers(-4, 4, (n, 2))
    return np.hstack([begin, begin + rng.integers(0, 5, (n, 2))]).astype(float)


def cases(module: ModuleType) -> Iterator[Case]:
    inputs = [(clusters(n, spots, low), 0.45) for n, spots, low in
              ((1, 1, 0), (10, 3, 0), (60, 12, -300), (90, 40, -900), (50, 2, 0))]  # fmt: skip
    inputs += [(whole(n), thr) for n in (8, 30, 60) for thr in (0.0, 0.25, 0.5, 0.75, 1.0)]
    inputs.append((np.zeros((0, 4)), 0.5))
    for boxes, thr in inputs:
        n = len(boxes)
        one, cls = np.zeros(n, dtype=np.int64), rng.choice([0, 3, 90], n).astype(np.int64)
        close = 0.5 + 1e-10 * rng.permutation(n)
        for name, scores in (("scores", rng.uniform(size=n)), ("tied", rng.integers(0, 3, n) / 2),
                             ("close", close)):  # fmt: skip
            expected = by_definition(boxes, scores, one, thr)
            yield f"{n} boxes, {name}, {thr}", module.nms(boxes, scores, thr), expected, *EXACT
            expected = by_definition(boxes, scores, cls, thr)
            got = module.batched_nms(boxes, scores, cls, thr)
            yield f"{n} boxes of classes, {name}, {thr}", got, expected, *EXACT
