"""Exact fractions: each overlap is counted on the grid that the corners of both boxes make."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from types import ModuleType

import numpy as np

from tests.exercises.oracles.common import VALUE, Case, rng

MISTAKEN = ("single_precision", "epsilon_in_the_divisor")


def exact(a: np.ndarray, b: np.ndarray) -> float:
    """Add up the cells that both boxes cover, and those that at least one covers."""
    boxes = [[Fraction(float(value)) for value in box] for box in (a, b)]
    xs = sorted({x for box in boxes for x in box[0::2]})
    ys = sorted({y for box in boxes for y in box[1::2]})
    both = either = Fraction(0)
    for x1, x2 in pairwise(xs):
        for y1, y2 in pairwise(ys):
            covered = [o[0] <= x1 and x2 <= o[2] and o[1] <= y1 and y2 <= o[3] for o in boxes]
            both += (x2 - x1) * (y2 - y1) * all(covered)
            either += (x2 - x1) * (y2 - y1) * any(covered)
    return float(both / either) if either else 0.0


def rectangles(n: int, low: float, spread: float, side: float) -> np.ndarray:
    begin = rng.uniform(low, low + spread, (n, 2))
    return np.hstack([begin, begin + rng.uniform(side / 10, side, (n, 2))])


def cases(module: ModuleType) -> Iterator[Case]:
    for n, m, low, spread, side in (
        (1, 1, 0, 1, 40),
        (3, 5, 0, 50, 60),
        (6, 2, -80, 50, 60),
        (4, 4, -1e4, 50, 60),
        (5, 5, 0, 1e-3, 2e-3),
        (2, 9, 0, 1000, 800),
        (8, 8, 0, 6, 4),
    ):
        one, other = rectangles(n, low, spread, side), rectangles(m, low, spread, side)
        expected = np.array([[exact(a, b) for b in other] for a in one])
        yield f"{n} x {m}, sides {side}", module.iou(one, other), expected, *VALUE
    whole = rng.integers(0, 5, (12, 4)).astype(float)
    whole = np.hstack([np.minimum(whole[:, :2], whole[:, 2:]), np.maximum(*np.hsplit(whole, 2))])
    expected = np.array([[exact(a, b) for b in whole] for a in whole])
    yield "touching and flat boxes", module.iou(whole, whole), expected, *VALUE
    yield "one flat box", module.iou(np.ones((1, 4)), np.ones((1, 4))), np.zeros((1, 1)), *VALUE
    yield "no boxes", module.iou(np.zeros((0, 4)), whole), np.zeros((0, 12)), *VALUE
