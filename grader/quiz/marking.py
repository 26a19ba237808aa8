"""Marks quiz items: a choice is right when exactly the right options are chosen, a number within
the item's tolerance. Each item is right or wrong as a whole; its explanation is the message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.answers import AnswerError, parse_choice, parse_number
from grader.exercise.manifest import Choice, Item, NumericItem
from grader.quiz.formula import evaluate
from grader.quiz.items import filled, key_of
from grader.verdict import StepResult, StepStatus

MISSING = "There is more to choose."


def mark_items(
    items: Mapping[str, Item],
    drawn: Sequence[Mapping[str, Any]],
    answers: Mapping[str, str],
    points: float,
) -> list[StepResult]:
    """Mark the drawn items in the student's order, each worth `points`."""
    results = []
    for entry in drawn:
        item = items[entry["id"]]
        given = answers.get(item.id, "")
        try:
            if isinstance(item, NumericItem):
                right, message = _number(item, entry["values"], given)
            else:
                right, message = _choice(item, given)
        except AnswerError as error:
            right, message = False, str(error)
        results.append(
            StepResult(
                id=item.id,
                status=StepStatus.VALUE if right else StepStatus.WRONG,
                given=given,
                points=points if right else 0.0,
                max_points=points,
                message=message,
            )
        )
    return results


def right_answer(item: Item, entry: Mapping[str, Any]) -> str:
    """An answer that gets full marks."""
    if isinstance(item, NumericItem):
        return repr(evaluate(item.answer, entry["values"]))
    return " ".join(key_of(item, option) for option in item.options if option.right)


def wrong_answer(item: Item, entry: Mapping[str, Any]) -> str:
    """An answer that gets nothing, but could be given: a wrong option, another number."""
    if isinstance(item, NumericItem):
        return repr(evaluate(item.answer, entry["values"]) + 1 + 2 * item.tolerance)
    wrong = [option for option in item.options if not option.right]
    return key_of(item, (wrong or item.options)[0])


def _number(item: NumericItem, values: Mapping[str, int], given: str) -> tuple[bool, str]:
    value = parse_number(given)
    return abs(value - evaluate(item.answer, values)) <= item.tolerance, filled(item.why, values)


def _choice(item: Choice, given: str) -> tuple[bool, str]:
    """Whether the choice is right, and why: of what was chosen wrongly, else of what is right."""
    chosen = parse_choice(given)
    options = {key_of(item, option): option for option in item.options}
    if unknown := chosen - set(options):
        raise AnswerError(f"'{min(unknown)}' is no option of this item.")
    if item.kind == "single" and len(chosen) > 1:
        raise AnswerError("Only one option can be chosen here.")
    wrong = [options[key].why for key in options if key in chosen and not options[key].right]
    if wrong:
        return False, " ".join(wrong)
    right = {key for key, option in options.items() if option.right}
    whys = " ".join(options[key].why for key in options if key in chosen)
    return (True, whys) if chosen == right else (False, f"{whys} {MISSING}")
