"""What a rubric asks: criteria with levels. Typed as lines, stored as JSON. Pure.

    Derivation
    0: missing
    1.5: some steps
    3: complete

A line with a number and a colon is a level of the criterion above it; any other line begins one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_CRITERIA, MOST_LEVELS = 20, 9  # each level has a digit on the keyboard
MOST_TITLE = 200  # characters
MOST_POINTS = Decimal(1000)  # of one level
MOST_TEXT = 20_000  # characters of all lines
_LEVEL = re.compile(r"^(-?[0-9]{1,9}(?:[.,][0-9]{1,9})?)\s*:\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Level:
    points: Decimal
    title: str


@dataclass(frozen=True, slots=True)
class Criterion:
    title: str
    levels: tuple[Level, ...]

    @property
    def most(self) -> Decimal:
        return max(level.points for level in self.levels)


Criteria = tuple[Criterion, ...]


def read(text: str) -> Criteria:
    """Read typed lines; none: no criteria.

    Raises: ValueError, with words for a person that name the line.
    """
    if len(text) > MOST_TEXT:
        raise ValueError(f"A rubric may have at most {MOST_TEXT:,} characters.")
    found: list[tuple[int, str, list[Level]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = " ".join(line.split())
        if not line:
            continue
        if len(line) > MOST_TITLE:
            raise ValueError(f"Line {number} has more than {MOST_TITLE} characters.")
        level = _LEVEL.match(line)
        if level is None:
            found.append((number, line, []))
        elif not found:
            raise ValueError(f"Line {number} is a level, but no criterion stands before it.")
        else:
            found[-1][2].append(Level(_points(level[1], number), level[2]))
    if len(found) > MOST_CRITERIA:
        raise ValueError(f"A rubric may have at most {MOST_CRITERIA} criteria.")
    return tuple(_criterion(*one) for one in found)


def written(criteria: Criteria) -> str:
    """The lines from which `read` makes the same."""
    return "\n\n".join(
        "\n".join([one.title, *(f"{shown(x.points)}: {x.title}".strip() for x in one.levels)])
        for one in criteria
    )


def total(criteria: Criteria) -> Decimal:
    """Points of full marks."""
    return sum((one.most for one in criteria), Decimal(0))


def points_of(criteria: Criteria, levels: Sequence[int]) -> Decimal:
    """What the chosen levels are worth. Raises: ValueError, where they do not fit."""
    if len(levels) != len(criteria):
        raise ValueError("Choose a level for each criterion.")
    for place, (one, chosen) in enumerate(zip(criteria, levels, strict=True), start=1):
        if not 0 <= chosen < len(one.levels):
            raise ValueError(f"Criterion {place} has no such level.")
    both = zip(criteria, levels, strict=True)
    return sum((one.levels[chosen].points for one, chosen in both), Decimal(0))


def to_json(criteria: Criteria) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title,
            "levels": [{"points": str(x.points), "title": x.title} for x in one.levels],
        }
        for one in criteria
    ]


def from_json(data: Sequence[dict[str, Any]]) -> Criteria:
    return tuple(
        Criterion(
            one["title"], tuple(Level(Decimal(x["points"]), x["title"]) for x in one["levels"])
        )
        for one in data
    )


def shown(points: Decimal) -> str:
    return f"{points.normalize():f}"


def _criterion(number: int, title: str, levels: list[Level]) -> Criterion:
    where = f"Line {number}, “{title}”"
    if len(levels) < 2:
        raise ValueError(f"{where}: give at least two levels below it, such as “0: missing”.")
    if len(levels) > MOST_LEVELS:
        raise ValueError(f"{where}: there may be at most {MOST_LEVELS} levels.")
    if len({level.points for level in levels}) < 2:
        raise ValueError(f"{where}: all levels have the same points.")
    return Criterion(title, tuple(levels))


def _points(text: str, number: int) -> Decimal:
    points = Decimal(text.replace(",", "."))
    exponent = points.normalize().as_tuple().exponent
    if not 0 <= points <= MOST_POINTS:
        raise ValueError(f"Line {number}: a level has from 0 to {MOST_POINTS} points.")
    if isinstance(exponent, int) and exponent < -3:
        raise ValueError(f"Line {number}: points have at most three decimals.")
    return points
