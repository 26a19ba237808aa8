"""The part `answers.json` of a submission: read within bounds, marked by `grader.sheet`."""

from __future__ import annotations

import json
from types import ModuleType

from grader import sheet
from grader.answers import AnswerError
from grader.checker.entry import Invalid
from grader.checker.suite import PROBLEM, load_module
from grader.contracts import Request
from grader.exercise.load import Exercise
from grader.verdict import StepResult

MAX_ANSWERS = 500
MAX_CHARACTERS = 2000  # of one answer


def problem_of(exercise: Exercise) -> ModuleType | None:
    """Import problem.py, where there is one. Raises: ExerciseError."""
    return load_module(exercise.folder, PROBLEM) if exercise.has_problem else None


def mark_answers(exercise: Exercise, request: Request, data: bytes | None) -> list[StepResult]:
    """Mark the sheet; without one every answer is blank.

    Raises: Invalid for a sheet that cannot be read, ExerciseError, IncompatibleNumbers.
    """
    if not (exercise.has_steps or exercise.items):
        return []
    answers = {} if data is None else parse(data)
    module = problem_of(exercise) if exercise.has_steps else None
    try:
        return sheet.mark(exercise, module, request.numbers or {}, answers)
    except AnswerError as error:
        raise Invalid(str(error)) from None


def parse(data: bytes) -> dict[str, str]:
    """Read answers.json: texts by name. Raises: Invalid that names the field."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Invalid("answers.json is no JSON. Nothing was graded.") from None
    if not isinstance(found, dict) or len(found) > MAX_ANSWERS:
        raise Invalid(f"answers.json holds one object of at most {MAX_ANSWERS} answers.")
    for name, text in found.items():
        if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
            raise Invalid(
                f"The answer {name[:60]!r} is no text of at most {MAX_CHARACTERS} characters."
            )
    return found
