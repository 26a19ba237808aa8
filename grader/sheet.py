"""The `answers.json` part of an exercise: by-hand steps, then quiz items, on one sheet.

The checker calls `prepare` when a student first opens an item and `mark` for every grading. What
`prepare` drew is stored by the platform and comes back as `numbers`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from grader.answers import AnswerError
from grader.byhand import form
from grader.byhand.marking import mark_steps
from grader.byhand.numbers import IncompatibleNumbers, draw_numbers, stored_numbers
from grader.byhand.problem import FILE, Problem, read_problem, values_of
from grader.byhand.tolerances import tolerances_of
from grader.draws import Draw
from grader.errors import ExerciseError
from grader.exercise.load import Exercise
from grader.exercise.manifest import Choice, Item
from grader.exercise.strict_toml import texts
from grader.namespace import Namespace
from grader.quiz import items as quiz
from grader.quiz.marking import mark_items, right_answer, wrong_answer
from grader.verdict import StepResult

MAX_PREPARED_BYTES = 60 * 1024  # leaves room for the rest of the line
QUIZ = "quiz"  # where the drawn items are among the numbers


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a page needs before anything is submitted. All of it is JSON data."""

    numbers: dict[str, Any]
    form: dict[str, Any] | None  # {"fields": [...]}
    figure: dict[str, Any] | None
    starter: str | None


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """For the author's gates only: never shown to anybody who is marked."""

    right: dict[str, str]
    mistakes: dict[str, dict[str, str]]  # a sheet with each by-hand mistake in it, else right
    tolerances: dict[str, float]  # measured anew
    wrong: dict[str, str]  # with the first by-hand mistake, and no quiz item right


def prepare(
    exercise: Exercise,
    module: ModuleType | None,
    seed: bytes,
    numbers: Mapping[str, Any] | None = None,
) -> Prepared:
    """Draw one student's numbers and items, or take those already drawn.

    `module` is the imported problem.py, if there is one.
    Raises: ExerciseError, IncompatibleNumbers.
    """
    drawn = draw(exercise, module, seed) if numbers is None else dict(numbers)
    figure, starter = None, exercise.starter
    if module is not None:
        problem = read_problem(module)
        own = stored_numbers(problem, drawn)
        figure = _figure(problem, own)
        if problem.starter is not None:
            starter = _author(problem.starter, own)
    prepared = Prepared(drawn, form_of(exercise, module, drawn), figure, starter)
    page = json.dumps([prepared.numbers, prepared.form, figure, starter])
    size = len(page.encode())
    if size > MAX_PREPARED_BYTES:
        raise ExerciseError(f"The page needs {size} bytes; at most {MAX_PREPARED_BYTES}.", FILE)
    try:
        has_nul = any("\0" in text for text in texts(json.loads(page)))
    except RecursionError as error:
        raise ExerciseError("The page's data are nested too deeply.", FILE) from error
    if has_nul:
        raise ExerciseError("A text of the page holds a NUL character.", FILE)
    return prepared


def draw(exercise: Exercise, module: ModuleType | None, seed: bytes) -> dict[str, Any]:
    """Draw one student's numbers and items. Raises: ExerciseError."""
    numbers: dict[str, Any] = {}
    if module is not None:
        problem = read_problem(module)
        numbers = draw_numbers(problem, seed, _tolerances(exercise, problem))
    if exercise.manifest.quiz is not None:
        count = exercise.manifest.quiz.draw
        numbers[QUIZ] = quiz.draw_items(exercise.items, count, Draw(seed, QUIZ))
    return numbers


def form_of(
    exercise: Exercise, module: ModuleType | None, numbers: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The fields of the answer sheet, None where there is nothing to fill in.

    Raises: ExerciseError, IncompatibleNumbers.
    """
    fields: list[dict[str, Any]] = []
    if module is not None:
        problem = read_problem(module)
        fields += form.fields_of(problem, _tolerances(exercise, problem))
    if exercise.manifest.quiz is not None:
        drawn = _drawn(exercise, numbers)
        fields += quiz.fields_of(_items(exercise), drawn, item_points(exercise))
    return {"fields": fields} if fields else None


def mark(
    exercise: Exercise,
    module: ModuleType | None,
    numbers: Mapping[str, Any],
    answers: Mapping[str, str],
) -> list[StepResult]:
    """Mark a sheet. A missing answer is a blank.

    Raises: AnswerError for an answer to nothing that is on the sheet (the submission is invalid);
    IncompatibleNumbers, ExerciseError.
    """
    results: list[StepResult] = []
    if module is not None:
        problem = read_problem(module)
        own = stored_numbers(problem, numbers)
        results += mark_steps(problem, own, answers, _tolerances(exercise, problem))
    if exercise.manifest.quiz is not None:
        drawn = _drawn(exercise, numbers)
        results += mark_items(_items(exercise), drawn, answers, item_points(exercise))
    unknown = set(answers) - {result.id for result in results}
    if unknown:
        raise AnswerError(f"'{min(unknown)[:64]}' is no answer of this sheet. Nothing was graded.")
    return results


def answer_key(
    exercise: Exercise, module: ModuleType | None, numbers: Mapping[str, Any]
) -> AnswerKey:
    """Sheets that get full marks, and those that each mistake gives.

    Raises: ExerciseError, IncompatibleNumbers.
    """
    items = _items(exercise)
    drawn = _drawn(exercise, numbers) if exercise.manifest.quiz is not None else []
    right = {entry["id"]: right_answer(items[entry["id"]], entry) for entry in drawn}
    wrong = {entry["id"]: wrong_answer(items[entry["id"]], entry) for entry in drawn}
    if module is None:
        return AnswerKey(right, {}, {}, wrong)
    problem = read_problem(module)
    own = stored_numbers(problem, numbers)
    mistakes = {m.id: _written(values_of(problem, own, m)) | right for m in problem.mistakes}
    exact = _written(values_of(problem, own)) | right
    mistaken = next(iter(mistakes.values()), {}) | wrong
    return AnswerKey(exact, mistakes, tolerances_of(problem), mistaken)


def item_points(exercise: Exercise) -> float:
    """What one drawn item is worth."""
    rules = exercise.manifest.quiz
    if rules is None:
        return 0.0
    return (exercise.manifest.points if rules.points is None else rules.points) / rules.draw


def _written(values: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:.10g}" for name, value in values.items()}


def _tolerances(exercise: Exercise, problem: Problem) -> dict[str, float]:
    return tolerances_of(problem, exercise.derived.tolerances if exercise.derived else None)


def _items(exercise: Exercise) -> dict[str, Item]:
    return {item.id: item for item in exercise.items}


def _drawn(exercise: Exercise, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stored items, if this version still has them as they were drawn."""
    drawn = numbers.get(QUIZ)
    rules = exercise.manifest.quiz
    if not isinstance(drawn, list) or rules is None or len(drawn) != rules.draw:
        raise IncompatibleNumbers("The stored numbers hold no drawn items for this version.")
    items = _items(exercise)
    for entry in drawn:
        item = items.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if item is None or not _still(item, entry):
            raise IncompatibleNumbers("A stored item is not in this version as it was drawn.")
    return drawn


def _still(item: Item, entry: Mapping[str, Any]) -> bool:
    if isinstance(item, Choice):
        keys = sorted(quiz.key_of(item, option) for option in item.options)
        return sorted(entry.get("options") or []) == keys
    return set(entry.get("values") or {}) == set(item.draw) and "values" in entry


def _figure(problem: Problem, numbers: Mapping[str, Any]) -> dict[str, Any] | None:
    if problem.figure is None:
        return None
    figure = _author(problem.figure, numbers)
    if hasattr(figure, "to_bytes"):  # a figure of grader.authoring
        figure = json.loads(figure.to_bytes())
    if not isinstance(figure, dict):
        raise ExerciseError("figure(n) returns a figure.", FILE)
    return figure


def _author(function: Any, numbers: Mapping[str, Any]) -> Any:
    try:
        return function(Namespace(numbers))
    except Exception as error:
        name = getattr(function, "__name__", "a function")
        raise ExerciseError(f"{name}(n): {type(error).__name__}: {error}", FILE) from error
