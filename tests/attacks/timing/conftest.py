"""An exercise on speed whose honest answer is exactly as fast as the baseline.

Its calls take milliseconds: the way to and fro weighs little against them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from grader.verdict import PerformanceResult
from tests.attacks.conftest import HEAD, LIMITS, Attack, Graded

CHECKS = f"""{HEAD.replace("close", "close, performance")}
@check("Right", points=1)
def right(student, reference, draw):
    for n in (3, 50):
        x = draw.normal(n)
        close(student.f(x), reference.f(x))


@performance("Five times as fast", points=3)
def fast(draw):
    return (draw.normal(40_000),)
"""
SOLUTION = """
def f(x):
    total = 0.0
    for value in x.tolist():
        total += value * value
    return total


def loops(x):
    return f(x)
"""
SPEED = """
[performance.fast]
metric = "ratio"
function = "f"
baseline = "loops"
thresholds = [[5, 1.0]]
"""
HONEST = SOLUTION.partition("\n\n\n")[0]

Timed = Callable[..., tuple[Graded, PerformanceResult | None]]


@pytest.fixture
def timed(attack: Attack) -> Timed:
    """Return a function that times the honest answer with some text below it."""

    def run(cheat: str = "", **options: Any) -> tuple[Graded, PerformanceResult | None]:
        graded = attack(
            source=HONEST + cheat, checks=CHECKS, solution=SOLUTION, extra=LIMITS + SPEED, **options
        )
        return graded, next(iter(graded.verdict.performance), None)

    return run


@pytest.fixture
def gains_nothing(timed: Timed) -> Callable[[str], Graded]:
    """Return a function that asserts that a cheat is measured as slow, or not at all."""
    return partial(_gains_nothing, timed)


def _gains_nothing(timed: Timed, cheat: str) -> Graded:
    graded, measured = timed(cheat)
    assert graded.verdict.points <= 1.0, graded
    if measured is not None and measured.value is not None:
        assert measured.value < 2.5, measured  # of 5 that are asked; the honest answer has 1
    return graded
