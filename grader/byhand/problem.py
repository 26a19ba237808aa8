"""An author's problem.py as checked data, and its formulas evaluated."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from grader.byhand.steps import Formula, Mistake, Step
from grader.errors import ExerciseError
from grader.namespace import Namespace

FILE = "problem.py"
Numbers = Mapping[str, Any]
Values = dict[str, float]


class FormulaError(ValueError):
    """A formula has no finite value for these numbers and answers."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What problem.py defines. Functions of the author take numbers as attributes."""

    draw: Callable[[Any], Numbers]
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]
    figure: Callable[[Any], Any] | None
    starter: Callable[[Any], str] | None

    @property
    def points(self) -> float:
        return math.fsum(step.points for step in self.steps)


def read_problem(module: ModuleType) -> Problem:
    """Check what a problem.py that was imported defines.

    Raises: ExerciseError.
    """
    draw = getattr(module, "draw", None)
    if not callable(draw):
        raise ExerciseError("It defines no function draw(rng).", FILE)
    steps = tuple(getattr(module, "steps", ()))
    mistakes = tuple(getattr(module, "mistakes", ()))
    if not all(isinstance(s, Step) for s in steps):
        raise ExerciseError("`steps` is a list of step(...).", FILE)
    if not all(isinstance(m, Mistake) for m in mistakes):
        raise ExerciseError("`mistakes` is a list of mistake(...).", FILE)
    _refuse_twice("step", [s.id for s in steps])
    _refuse_twice("mistake", [m.id for m in mistakes])
    known = {s.id for s in steps}
    for m in mistakes:
        if unknown := set(m.formulas) - known:
            raise ExerciseError(f"mistake {m.id}: there is no step {min(unknown)}.", FILE)
    functions = (getattr(module, name, None) for name in ("figure", "starter"))
    return Problem(draw, steps, mistakes, *functions)


def value_of(step: Step, formula: Formula, numbers: Numbers, answers: Mapping[str, float]) -> float:
    """A formula's value, as an int where the step asks for integers.

    Raises: FormulaError.
    """
    return _evaluate(step, formula, numbers, answers, None)


def value_and_used(
    step: Step, formula: Formula, numbers: Numbers, answers: Mapping[str, float]
) -> tuple[float, set[str]]:
    """A formula's value, and which of the answers it read.

    Raises: FormulaError.
    """
    used: set[str] = set()
    return _evaluate(step, formula, numbers, answers, used), used


def values_of(
    problem: Problem, numbers: Numbers, mistake: Mistake | None = None, digits: int | None = None
) -> Values:
    """Every step in order, each over the answers before it: exactly, with one mistake in it, or
    with every answer rounded to some decimals before going on.

    Raises: FormulaError.
    """
    values: Values = {}
    for step in problem.steps:
        formula = step.formula if mistake is None else mistake.formulas.get(step.id, step.formula)
        value = value_of(step, formula, numbers, values)
        values[step.id] = value if digits is None else round(value, digits)
    return values


def _evaluate(
    step: Step,
    formula: Formula,
    numbers: Numbers,
    answers: Mapping[str, float],
    used: set[str] | None,
) -> float:
    try:
        value = float(formula(Namespace(numbers), Namespace(answers, used)))
    except (ArithmeticError, ValueError) as error:
        raise FormulaError(f"{step.id}: {error}") from error
    except Exception as error:
        raise ExerciseError(f"step {step.id}: {type(error).__name__}: {error}", FILE) from error
    if not math.isfinite(value):
        raise FormulaError(f"{step.id} is {value}")
    if not step.integer:
        return value
    whole = round(value)
    return whole if abs(value - whole) <= 1e-9 * max(1.0, abs(value)) else value


def _refuse_twice(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ExerciseError(f"There are two {what}s named {name}.", FILE)
