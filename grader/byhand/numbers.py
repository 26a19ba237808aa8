"""One student's numbers: drawn once so that mistakes show, stored, and read back for marking."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from grader.byhand.problem import FILE, FormulaError, Numbers, Problem, value_of, values_of
from grader.byhand.steps import NAME, Mistake
from grader.draws import Draw
from grader.errors import ExerciseError, GraderError

MAX_REDRAWS = 200
SEPARATION = 4  # tolerances by which a mistake moves a step
MAX_JSON_BYTES = 16 * 1024
RESERVED = frozenset({"quiz"})  # where the drawn items of a quiz are stored


class IncompatibleNumbers(GraderError):
    """Numbers that were drawn for another version cannot be used with this one."""


def draw_numbers(problem: Problem, seed: bytes, tolerances: Mapping[str, float]) -> dict[str, Any]:
    """Draw a student's numbers, again and again until every mistake would show.

    Raises: ExerciseError if 200 draws do not suffice.
    """
    hidden: list[str] = []
    for attempt in range(MAX_REDRAWS):
        numbers = plain_numbers(problem.draw(Draw(seed, f"numbers/{attempt}")))
        try:
            exact = values_of(problem, numbers)
        except FormulaError as error:
            hidden = [str(error)]
            continue
        hidden = [
            mistake.id
            for mistake in problem.mistakes
            if not separates(problem, numbers, mistake, exact, tolerances)
        ]
        if not hidden:
            return numbers
    raise ExerciseError(
        f"{MAX_REDRAWS} draws did not separate the mistakes; the last left {', '.join(hidden)}.",
        FILE,
    )


def separates(
    problem: Problem,
    numbers: Numbers,
    mistake: Mistake,
    exact: Mapping[str, float],
    tolerances: Mapping[str, float],
) -> bool:
    """Whether a sheet with this one mistake has a wrong answer where the mistake was made.

    That answer must be four tolerances away from the exact value and from what follows by the right
    formula from the sheet's own earlier answers: else the mistake would cost nothing.
    """
    try:
        sheet = values_of(problem, numbers, mistake)
        for step in problem.steps:
            if step.id not in mistake.formulas:
                continue
            least = SEPARATION * tolerances[step.id] or 0.5
            followed = value_of(step, step.formula, numbers, sheet)
            distance = min(abs(sheet[step.id] - exact[step.id]), abs(sheet[step.id] - followed))
            if distance >= least:
                return True
    except FormulaError:
        return False
    return False


def stored_numbers(problem: Problem, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Check numbers that were stored, perhaps for an older version.

    Raises: IncompatibleNumbers if names or shapes are not those that this version draws, or if a
    step has no value for them.
    """
    own = {name: value for name, value in numbers.items() if name not in RESERVED}
    template = plain_numbers(problem.draw(Draw(b"template", "")))
    if _shape(own) != _shape(template):
        raise IncompatibleNumbers(
            f"The stored numbers are {_names(own)}; this version draws {_names(template)}."
        )
    try:
        values_of(problem, own)
    except (FormulaError, ExerciseError) as error:
        raise IncompatibleNumbers(f"The stored numbers do not fit this version: {error}") from error
    return own


def plain_numbers(drawn: object) -> dict[str, Any]:
    """What `draw` returned, as JSON data: numpy's numbers and arrays become Python's.

    Raises: ExerciseError.
    """
    if not isinstance(drawn, Mapping):
        raise ExerciseError("draw(rng) returns a dict of numbers.", FILE)
    numbers: dict[str, Any] = {}
    for name, value in drawn.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in RESERVED:
            raise ExerciseError(f"draw(rng): {name!r} is no name for a number.", FILE)
        numbers[name] = _plain(name, value)
    if len(json.dumps(numbers)) > MAX_JSON_BYTES:
        raise ExerciseError(f"draw(rng) returns more than {MAX_JSON_BYTES} bytes.", FILE)
    return numbers


def _plain(name: str, value: Any) -> Any:
    if not isinstance(value, bool | int | float | str | list | tuple) or hasattr(value, "tolist"):
        if not hasattr(value, "tolist"):
            kind = type(value).__name__
            raise ExerciseError(f"draw(rng): {name} is a {kind}; draw numbers and lists.", FILE)
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(name, entry) for entry in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ExerciseError(f"draw(rng): {name} is {value}.", FILE)
        return value + 0.0  # no minus zero on the page
    return value


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_shape(entry) for entry in value]
    return "text" if isinstance(value, str) else "number"


def _names(numbers: Mapping[str, Any]) -> str:
    return ", ".join(sorted(numbers)) or "none"
