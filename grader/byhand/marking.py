"""Marks a sheet step by step. An error counts once.

A step is right within its tolerance of the exact value, or by *follow-through*: within tolerance of
its formula over the student's own earlier answers. That is not granted where it would be too easy:
where a deviating earlier answer that the formula uses is 0 or +-1 within the tolerance of its own
step, where it makes this step 0, or where none of them, moved by 10 % alone, moves the step by its
tolerance. A blank is wrong, and later steps are then judged on its exact value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.answers import AnswerError, parse_number
from grader.byhand.problem import (
    FormulaError,
    Numbers,
    Problem,
    value_and_used,
    value_of,
    values_of,
)
from grader.byhand.steps import Mistake, Step
from grader.verdict import StepResult, StepStatus

NUDGE = 0.1
FEWER_PLACES = (1, 2, 3)  # than the four decimals that are asked for
ROUNDING = 5e-5  # earlier answers were typed with four decimals; a name is no mark, so it may blur
MOST_BLUR = 0.02  # of the mistaken value
FOLLOWS = "Not the exact value, but right for your own earlier answers, so it counts."
NOT_RIGHT = "Neither the exact value nor what follows from your own earlier answers."
_UNLIKE = "This follows from your answer for “{name}”, which is not right. It does not count here: "
EASY = _UNLIKE + "an answer of 0, 1 or -1 makes the rest too easy."
ROUNDED = "This is the value, but rounded too far; give at least four decimals."
SIGN = "The number is right, its sign is not."
NOTHING = _UNLIKE + "it makes this step 0, which is too easy."
BLUNT = _UNLIKE + "this step hardly depends on it."


@dataclass
class _Sheet:
    """The student's answers so far, exact values in the place of blanks."""

    labels: Mapping[str, str]
    own: dict[str, float]
    deviating: set[str]  # answered, and not the exact value
    tolerances: Mapping[str, float]


def mark_steps(
    problem: Problem,
    numbers: Numbers,
    answers: Mapping[str, str],
    tolerances: Mapping[str, float],
) -> list[StepResult]:
    """Mark all steps of a sheet, in order, and name the mistakes that explain wrong ones.

    Raises: FormulaError if the numbers are not those of this problem.
    """
    exact = values_of(problem, numbers)
    sheet = _Sheet({step.id: step.label for step in problem.steps}, {}, set(), tolerances)
    results: list[StepResult] = []
    suspects: dict[str, list[Mistake]] = {}
    for step in problem.steps:
        tolerance = tolerances[step.id]
        result, value = _mark(step, numbers, answers.get(step.id, ""), exact, sheet)
        if value is not None and result.message == NOT_RIGHT:
            suspects[step.id] = [
                mistake
                for mistake in problem.mistakes
                if _explains(mistake, step, numbers, sheet, exact[step.id], value, tolerance)
            ]
        results.append(result)
        if value is not None and result.status is not StepStatus.VALUE:
            sheet.deviating.add(step.id)
        sheet.own[step.id] = exact[step.id] if value is None else value
    return [
        _near_miss(result, exact[result.id], tolerances) for result in _named(results, suspects)
    ]


def _mark(
    step: Step,
    numbers: Numbers,
    text: str,
    exact: Mapping[str, float],
    sheet: _Sheet,
) -> tuple[StepResult, float | None]:
    """The result of one step, and the answer as a number where there is one."""
    tolerance = sheet.tolerances[step.id]
    wrong = StepResult(
        id=step.id, status=StepStatus.WRONG, given=text, points=0.0, max_points=step.points
    )
    try:
        value = parse_number(text)
    except AnswerError as error:
        return replace(wrong, message=f"{error} Later steps are judged on the exact value."), None
    if step.integer and value.is_integer():
        value = int(value)
    right = replace(wrong, points=step.points)
    if abs(value - exact[step.id]) <= tolerance:
        return replace(right, status=StepStatus.VALUE), value
    objection = _objection(step, numbers, sheet, value)
    if objection:
        return replace(wrong, message=objection), value
    return replace(right, status=StepStatus.FOLLOW_THROUGH, message=FOLLOWS), value


def _objection(step: Step, numbers: Numbers, sheet: _Sheet, value: float) -> str | None:
    """Why an answer gets no follow-through marks; None if it does."""
    tolerance = sheet.tolerances[step.id]
    try:
        followed, used = value_and_used(step, step.formula, numbers, sheet.own)
    except FormulaError:
        return NOT_RIGHT
    if abs(value - followed) > tolerance:
        return NOT_RIGHT
    deviating = sorted(used & sheet.deviating)
    for name in deviating:
        if any(abs(sheet.own[name] - easy) <= sheet.tolerances[name] for easy in (-1, 0, 1)):
            return EASY.format(name=sheet.labels[name])
    if deviating and abs(followed) <= tolerance:
        return NOTHING.format(name=sheet.labels[deviating[0]])
    if deviating and not any(_matters(step, numbers, sheet, name, followed) for name in deviating):
        return BLUNT.format(name=sheet.labels[deviating[0]])
    return None


def _matters(step: Step, numbers: Numbers, sheet: _Sheet, name: str, followed: float) -> bool:
    """Whether an earlier answer, moved by 10 % alone, moves the step by its tolerance."""
    least = sheet.tolerances[step.id] or 1e-9
    for factor in (1 - NUDGE, 1 + NUDGE):
        moved = {**sheet.own, name: sheet.own[name] * factor}
        try:
            if abs(value_of(step, step.formula, numbers, moved) - followed) >= least:
                return True
        except FormulaError:
            continue
    return False


def _explains(
    mistake: Mistake,
    step: Step,
    numbers: Numbers,
    sheet: _Sheet,
    exact: float,
    value: float,
    tolerance: float,
) -> bool:
    """Whether a mistake over the student's own earlier answers gives this wrong answer."""
    formula = mistake.formulas.get(step.id)
    if formula is None:
        return False
    try:
        mistaken, used = value_and_used(step, formula, numbers, sheet.own)
        blur = sum(
            abs(value_of(step, formula, numbers, moved) - mistaken)
            for moved in ({**sheet.own, name: sheet.own[name] + ROUNDING} for name in used)
        )
    except FormulaError:
        return False
    blur = 0.0 if step.integer else min(blur, MOST_BLUR * abs(mistaken))
    return abs(mistaken - value) <= tolerance + blur and abs(mistaken - exact) > tolerance


def _named(results: list[StepResult], suspects: Mapping[str, list[Mistake]]) -> list[StepResult]:
    """Name one mistake per wrong step: of several, the one that explains most of the sheet."""
    explained = Counter(mistake.id for found in suspects.values() for mistake in found)
    named = []
    for result in results:
        found = suspects.get(result.id)
        if found:
            mistake = max(found, key=lambda m: explained[m.id])  # the first of equals
            text = f"{mistake.title} {mistake.hint}".strip()
            result = replace(result, mistake=mistake.id, message=text)
        named.append(result)
    return named


def _near_miss(result: StepResult, exact: float, tolerances: Mapping[str, float]) -> StepResult:
    """Say what is missing where a nameless wrong answer is the exact value but for that."""
    if result.message != NOT_RIGHT:
        return result
    value = parse_number(result.given)
    if value and any(abs(value - round(exact, places)) < 1e-12 for places in FEWER_PLACES):
        return replace(result, message=ROUNDED)
    if abs(value + exact) <= tolerances[result.id]:
        return replace(result, message=SIGN)
    return result
