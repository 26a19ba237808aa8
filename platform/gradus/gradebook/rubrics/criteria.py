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

from django.utils.translation import gettext as _

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
        raise ValueError(
            _("A rubric may have at most {most} characters.").format(most=f"{MOST_TEXT:,}")
        )
    found: list[tuple[int, str, list[Level]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = " ".join(line.split())
        if not line:
            continue
        if len(line) > MOST_TITLE:
            raise ValueError(
                _("Line {line} has more than {most} characters.").format(
                    line=number, most=MOST_TITLE
                )
            )
        level = _LEVEL.match(line)
        if level is None:
            found.append((number, line, []))
        elif not found:
            raise ValueError(
                _("Line {line} is a level, but no criterion stands before it.").format(line=number)
            )
        else:
            found[-1][2].append(Level(_points(level[1], number), level[2]))
    if len(found) > MOST_CRITERIA:
        raise ValueError(_("A rubric may have at most {most} criteria.").format(most=MOST_CRITERIA))
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
        raise ValueError(_("Choose a level for each criterion."))
    for place, (one, chosen) in enumerate(zip(criteria, levels, strict=True), start=1):
        if not 0 <= chosen < len(one.levels):
            raise ValueError(_("Criterion {number} has no such level.").format(number=place))
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
    said = ""
    if len(levels) < 2:
        said = _("Line {line}, “{title}”: give at least two levels below it, such as “0: missing”.")
    elif len(levels) > MOST_LEVELS:
        said = _("Line {line}, “{title}”: there may be at most {most} levels.")
    elif len({level.points for level in levels}) < 2:
        said = _("Line {line}, “{title}”: all levels have the same points.")
    if said:
        raise ValueError(said.format(line=number, title=title, most=MOST_LEVELS))
    return Criterion(title, tuple(levels))


def _points(text: str, number: int) -> Decimal:
    points = Decimal(text.replace(",", "."))
    exponent = points.normalize().as_tuple().exponent
    if not 0 <= points <= MOST_POINTS:
        raise ValueError(
            _("Line {line}: a level has from 0 to {most} points.").format(
                line=number, most=MOST_POINTS
            )
        )
    if isinstance(exponent, int) and exponent < -3:
        raise ValueError(_("Line {line}: points have at most three decimals.").format(line=number))
    return points
