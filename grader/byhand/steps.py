"""Steps and mistakes as an author writes them in problem.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import ExerciseError

Formula = Callable[[Any, Any], Any]  # (numbers, earlier answers) -> a number
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer: a formula over numbers `n` and earlier answers `a`."""

    id: str
    formula: Formula
    label: str  # its name in words
    latex: str = ""
    points: float = 1.0
    integer: bool = False  # must be equal
    tolerance: float | None = None  # overrides the measured one
    reason: str = ""  # why it does
    unit: str = ""
    section: str = ""  # heading above this step and those after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A named misconception: what it puts in the place of some steps' formulas."""

    id: str
    title: str
    hint: str
    formulas: Mapping[str, Formula]


def step(
    id: str,
    formula: Formula,
    *,
    label: str,
    latex: str = "",
    points: float = 1,
    **options: Any,
) -> Step:
    """Declare a step. Options: integer, tolerance with reason, unit, section.

    Raises: ExerciseError.
    """
    _refuse_name("step", id)
    unknown = set(options) - {"integer", "tolerance", "reason", "unit", "section"}
    if unknown:
        raise ExerciseError(f"step {id}: {min(unknown)} is no option of a step.")
    if not callable(formula) or not label.strip():
        raise ExerciseError(f"step {id}: a formula and a label are needed.")
    if not 0 < points <= 1000:
        raise ExerciseError(f"step {id}: points are above 0, not {points}.")
    tolerance, reason = options.get("tolerance"), options.get("reason", "")
    if (tolerance is not None) != bool(reason):
        raise ExerciseError(f"step {id}: a tolerance of one's own needs a reason, and only it.")
    if tolerance is not None and (options.get("integer") or not 0 < tolerance < 1e6):
        raise ExerciseError(f"step {id}: a tolerance is above 0, and integers have none.")
    return Step(id=id, formula=formula, label=label, latex=latex, points=float(points), **options)


def mistake(id: str, title: str, /, hint: str = "", **formulas: Formula) -> Mistake:
    """Declare a mistake: `title` is told to the student, each keyword replaces a step's formula.

    Raises: ExerciseError.
    """
    _refuse_name("mistake", id)
    if not title.strip():
        raise ExerciseError(f"mistake {id}: it needs a title.")
    if not formulas or not all(callable(formula) for formula in formulas.values()):
        raise ExerciseError(f"mistake {id}: it replaces the formula of at least one step.")
    return Mistake(id=id, title=title.strip(), hint=hint.strip(), formulas=dict(formulas))


def _refuse_name(what: str, name: str) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ExerciseError(f"{name!r} is no name of a {what}: letters, digits and '_'.")
