"""The part `answers.json` of a submission: read within bounds, marked by `grader.sheet`."""

from __future__ import annotations

from types import ModuleType

from grader import sheet
from grader.answers import AnswerError, parse_sheet
from grader.checker.entry import Invalid
from grader.checker.suite import PROBLEM, load_module
from grader.contracts import Request
from grader.exercise.load import Exercise
from grader.verdict import StepResult


def problem_of(exercise: Exercise) -> ModuleType | None:
    """Import problem.py, where there is one. Raises: ExerciseError."""
    return load_module(exercise.folder, PROBLEM) if exercise.has_problem else None


def mark_answers(exercise: Exercise, request: Request, data: bytes | None) -> list[StepResult]:
    """Mark the sheet; without one every answer is blank.

    Raises: Invalid for a sheet that cannot be read, ExerciseError, IncompatibleNumbers.
    """
    if not (exercise.has_steps or exercise.items):
        return []
    module = problem_of(exercise) if exercise.has_steps else None
    try:
        answers = {} if data is None else parse_sheet(data)
        return sheet.mark(exercise, module, request.numbers or {}, answers)
    except AnswerError as error:
        raise Invalid(str(error)) from None
