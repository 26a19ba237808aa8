"""Which items one student gets, in which order, with which numbers; and the form for them.

What is drawn is stored with the student's numbers, by names that stay when an author reorders
items or options: item ids, and option keys made of the options' text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from grader.draws import Draw
from grader.errors import ExerciseError
from grader.exercise.manifest import Choice, Item, NumericItem, Option
from grader.quiz.formula import ArithmeticFault, evaluate

FILE = "items.toml"
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def draw_items(items: Sequence[Item], count: int, rng: Draw) -> list[dict[str, Any]]:
    """Draw a student's items: `{"id", "options": [keys]}` or `{"id", "values": {name: int}}`."""
    drawn: list[dict[str, Any]] = []
    for item in rng.sample(items, count):
        if isinstance(item, NumericItem):
            ranges = item.draw.items()
            values = {name: rng.integers(low, high + 1) for name, (low, high) in ranges}
            drawn.append({"id": item.id, "values": values})
        else:
            options = rng.sample(item.options, len(item.options))
            drawn.append({"id": item.id, "options": [key_of(item, o) for o in options]})
    return drawn


def key_of(item: Choice, option: Option) -> str:
    """What stands for an option in a form and in answers; it tells nothing about being right."""
    text = f"{item.id}\n{option.text.strip()}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def fields_of(
    items: Mapping[str, Item], drawn: Sequence[Mapping[str, Any]], points: float
) -> list[dict[str, Any]]:
    """One field per drawn item, in the student's order, options in the student's order."""
    return [_field(items[entry["id"]], entry, points) for entry in drawn]


def filled(text: str, values: Mapping[str, int]) -> str:
    """A text with `{{ name }}` replaced by drawn numbers.

    Raises: ExerciseError for a name that is not drawn.
    """

    def place(found: re.Match[str]) -> str:
        if found.group(1) not in values:
            raise ExerciseError(f"{{{{ {found.group(1)} }}}} is not drawn.", FILE)
        return str(values[found.group(1)])

    return _PLACE.sub(place, text)


def prove(items: Sequence[Item]) -> None:
    """Evaluate every numeric item at the corners of its ranges, and fill in its texts.

    Raises: ExerciseError that names the item.
    """
    for item in items:
        if not isinstance(item, NumericItem):
            if len({key_of(item, option) for option in item.options}) != len(item.options):
                raise ExerciseError(f"{item.id}: change an option; two have the same key.", FILE)
            continue
        for corner in product(*item.draw.values()):
            values = dict(zip(item.draw, corner, strict=True))
            try:
                evaluate(item.answer, values)
                filled(item.text, values)
                filled(item.why, values)
            except (ArithmeticFault, ExerciseError) as error:
                raise ExerciseError(f"{item.id}: {error}", FILE) from error


def _field(item: Item, entry: Mapping[str, Any], points: float) -> dict[str, Any]:
    field: dict[str, Any] = {"id": item.id, "kind": item.kind, "points": points}
    if isinstance(item, NumericItem):
        text = filled(item.text, entry["values"])
        return {**field, "text": text, "unit": item.unit, "tolerance": item.tolerance}
    texts = {key_of(item, option): option.text for option in item.options}
    options = [{"key": key, "text": texts[key]} for key in entry["options"]]
    return {**field, "text": item.text, "options": options}
