"""How exact an answer must be: twice the worst drift that four-decimal arithmetic causes."""

from __future__ import annotations

from collections.abc import Mapping

from grader.byhand.numbers import plain_numbers
from grader.byhand.problem import FILE, FormulaError, Problem, values_of
from grader.draws import Draw
from grader.errors import ExerciseError

DRAWS = 500
DIGITS = 4
FLOOR = 1e-4


def tolerances_of(
    problem: Problem, measured: Mapping[str, float] | None = None, draws: int = DRAWS
) -> dict[str, float]:
    """The tolerance of each step: the author's own, else the measured one, else measured now.

    Raises: ExerciseError.
    """
    wanted = {step.id for step in problem.steps if step.tolerance is None and not step.integer}
    if measured is None or not wanted <= set(measured):
        measured = measure(problem, draws)
    return {
        step.id: 0.0 if step.integer else step.tolerance or measured[step.id]
        for step in problem.steps
    }


def measure(problem: Problem, draws: int = DRAWS) -> dict[str, float]:
    """Twice the worst drift of rounding every answer and going on from the rounded one.

    The draws are the same for every measurement. Draws without finite values are left out.
    Raises: ExerciseError if that is more than half of them.
    """
    worst = {step.id: 0.0 for step in problem.steps}
    usable = 0
    for index in range(draws):
        numbers = plain_numbers(problem.draw(Draw(b"tolerance", str(index))))
        try:
            exact = values_of(problem, numbers)
            rounded = values_of(problem, numbers, digits=DIGITS)
        except FormulaError:
            continue
        usable += 1
        for name, value in exact.items():
            worst[name] = max(worst[name], abs(value - rounded[name]))
    if usable * 2 < draws:
        raise ExerciseError(f"Only {usable} of {draws} draws have finite steps.", FILE)
    return {name: max(FLOOR, float(f"{2 * drift:.2g}")) for name, drift in worst.items()}
