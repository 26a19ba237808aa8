"""The greedy rule in plain Python, box by box, with exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from types import ModuleType

import numpy as np
import torch

from tests.exercises.oracles.common import Case, rng

MISTAKEN = ("dropped_at_the_threshold", "classes_apart_in_float32")


def iou(a: list[Fraction], b: list[Fraction]) -> Fraction:
    sides = [min(a[2 + k], b[2 + k]) - max(a[k], b[k]) for k in (0, 1)]
    common = max(sides[0], Fraction(0)) * max(sides[1], Fraction(0))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    union = sum(areas) - common
    return common / union if union else Fraction(0)


def greedy(boxes: np.ndarray, scores: np.ndarray, cls: np.ndarray, thr: float) -> list[int]:
    exact = [[Fraction(float(corner)) for corner in box] for box in boxes]
    limit = Fraction(thr)
    kept: list[int] = []
    for i in sorted(range(len(boxes)), key=lambda i: (-scores[i], i)):
        rivals = (j for j in kept if cls[j] == cls[i])
        if all(iou(exact[i], exact[j]) <= limit for j in rivals):
            kept.append(i)
    return kept


def inputs() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    yield np.zeros((0, 4)), np.zeros(0), np.zeros(0), 0.5
    yield np.array([[0, 0, 2, 1], [0, 0, 1, 1]]), np.array([0.5, 0.5]), np.array([3, 3]), 0.5
    yield np.array([[5, 5, 5, 9], [5, 5, 5, 9]]), np.array([0.5, 0.75]), np.array([0, 0]), 0.25
    for n, classes, factor in ((5, 1, 1), (30, 2, 7), (60, 3, 300_000), (120, 5, 1)):
        for thr in (0.3, 0.5):
            place = rng.integers(0, 6, size=(n, 2)) * 50.0 - 150.0 + 6 * rng.normal(size=(n, 2))
            half = rng.uniform(20, 40, size=(n, 2))
            corners = np.hstack([place - half, place + half])
            scores = rng.integers(0, 40, size=n) / 64  # with ties
            yield corners, scores, factor * rng.integers(0, classes, size=n), thr


def cases(module: ModuleType) -> Iterator[Case]:
    names = [name for name in ("batched_nms", "on_the_cpu") if hasattr(module, name)]
    for number, (boxes, scores, cls, thr) in enumerate(inputs()):
        corners = torch.tensor(boxes, dtype=torch.float32)
        points = torch.tensor(scores, dtype=torch.float32)
        kinds = torch.tensor(cls, dtype=torch.int64)
        expected = np.array(greedy(corners.numpy(), scores, cls, thr), dtype=np.int64)
        for name in names:
            got = getattr(module, name)(corners, points, kinds, thr).numpy()
            yield f"{name} {number}", got, expected, 0.0, 0.0
