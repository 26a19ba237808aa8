"""What an author may declare as step, mistake and problem."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from grader.byhand.problem import FormulaError, read_problem, values_of
from grader.byhand.steps import mistake, step
from grader.errors import ExerciseError
from grader.namespace import Namespace


def one(n: Any, a: Any) -> float:
    return 1.0


def problem(**names: Any) -> Any:
    module = ModuleType("problem")
    module.__dict__.update({"draw": lambda rng: {}, **names})
    return read_problem(module)


@pytest.mark.parametrize(
    ("arguments", "options", "reason"),
    [
        (("a b", one), {"label": "A"}, "no name"),
        (("_a", one), {"label": "A"}, "no name"),
        (("a", 1), {"label": "A"}, "formula and a label"),
        (("a", one), {"label": " "}, "formula and a label"),
        (("a", one), {"label": "A", "points": 0}, "points"),
        (("a", one), {"label": "A", "tolerance": 0.1}, "reason"),
        (("a", one), {"label": "A", "reason": "why"}, "reason"),
        (("a", one), {"label": "A", "tolerance": 0, "reason": "why"}, "above 0"),
        (("a", one), {"label": "A", "tolerance": 1, "reason": "w", "integer": True}, "integers"),
        (("a", one), {"label": "A", "color": "red"}, "color is no option"),
    ],
)
def test_refuses_a_step(arguments: Any, options: Any, reason: str) -> None:
    with pytest.raises(ExerciseError, match=reason):
        step(*arguments, **options)


@pytest.mark.parametrize(
    ("arguments", "formulas", "reason"),
    [
        (("a", ""), {"z": one}, "title"),
        (("a b", "T"), {"z": one}, "no name"),
        (("a", "T"), {}, "at least one step"),
        (("a", "T"), {"z": 1}, "at least one step"),
    ],
)
def test_refuses_a_mistake(arguments: Any, formulas: Any, reason: str) -> None:
    with pytest.raises(ExerciseError, match=reason):
        mistake(*arguments, **formulas)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"draw": None}, r"draw\(rng\)"),
        ({"steps": [1]}, "steps"),
        ({"mistakes": ["x"]}, "mistakes"),
        ({"steps": [step("z", one, label="Z")] * 2}, "two steps named z"),
        ({"mistakes": [mistake("m", "M", z=one)]}, "there is no step z"),
    ],
)
def test_refuses_a_problem(names: dict[str, Any], reason: str) -> None:
    with pytest.raises(ExerciseError, match=reason):
        problem(**names)


def test_a_formula_that_reads_a_later_answer_is_the_authors_fault() -> None:
    own = problem(steps=[step("z", lambda n, a: a.y, label="Z"), step("y", one, label="Y")])
    with pytest.raises(ExerciseError, match=r"step z: .*'y'"):
        values_of(own, {})


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e400])
def test_a_value_that_is_not_finite_is_none(value: float) -> None:
    own = problem(steps=[step("z", lambda n, a: value, label="Z")])
    with pytest.raises(FormulaError):
        values_of(own, {})


def test_numbers_are_read_only_and_remember_what_was_read() -> None:
    used: set[str] = set()
    numbers = Namespace({"x": 1, "y": 2}, used)
    assert (numbers.x, used) == (1, {"x"})
    with pytest.raises(AttributeError, match="read-only"):
        numbers.x = 3
    with pytest.raises(AttributeError, match="there is x, y"):
        numbers.z  # noqa: B018
