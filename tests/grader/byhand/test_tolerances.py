"""Tolerances: twice the worst drift of four-decimal arithmetic, at least 1e-4."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import pytest

from grader.byhand.problem import Problem, read_problem
from grader.byhand.steps import step
from grader.byhand.tolerances import FLOOR, measure, tolerances_of
from grader.draws import Draw
from grader.errors import ExerciseError


def problem(*steps: Any, low: float = 1.0) -> Problem:
    module: Any = ModuleType("problem")
    module.draw = lambda rng: {"x": rng.uniform(low=low, high=3)}
    module.steps = list(steps)
    return read_problem(module)


ROOT = step("root", lambda n, a: math.sqrt(n.x), label="Root")
LARGE = step("large", lambda n, a: 100 * a.root, label="Hundred times")


def test_a_single_rounding_is_covered_by_the_floor() -> None:
    assert measure(problem(ROOT)) == {"root": FLOOR}


def test_amplified_rounding_widens_the_tolerance() -> None:
    # the root is off by at most 5e-5, a hundred times that is 5e-3, and twice that is 1e-2
    assert measure(problem(ROOT, LARGE))["large"] == pytest.approx(1e-2, rel=0.05)


def test_integers_have_none() -> None:
    count = step("count", lambda n, a: round(a.root), label="Count", integer=True)
    assert tolerances_of(problem(ROOT, count)) == {"root": FLOOR, "count": 0.0}


def test_the_authors_own_wins_over_the_measured() -> None:
    own = step("root", lambda n, a: math.sqrt(n.x), label="R", tolerance=0.5, reason="A guess.")
    assert tolerances_of(problem(own, LARGE), {"root": 1.0, "large": 2.0})["root"] == 0.5


def test_measured_ones_are_taken_and_missing_ones_measured_anew() -> None:
    assert tolerances_of(problem(ROOT, LARGE), {"root": 0.2, "large": 0.3})["large"] == 0.3
    assert tolerances_of(problem(ROOT, LARGE), {"root": 0.2})["root"] == FLOOR


def test_measuring_twice_gives_the_same() -> None:
    assert measure(problem(ROOT, LARGE)) == measure(problem(ROOT, LARGE))


def test_draws_without_values_are_left_out_and_too_many_refused() -> None:
    assert measure(problem(ROOT, low=-1.0)) == {"root": FLOOR}
    with pytest.raises(ExerciseError, match="draws have finite steps"):
        measure(problem(ROOT, low=-30.0))


def test_every_draw_rounded_to_four_decimals_keeps_half_the_tolerance() -> None:
    own = problem(ROOT, LARGE)
    tolerance = measure(own)["large"]
    for index in range(200):
        x = Draw(b"other", str(index)).uniform(low=1, high=3)
        root = math.sqrt(x)
        drift = abs(100 * round(root, 4) - 100 * root)
        assert drift <= 0.55 * tolerance
