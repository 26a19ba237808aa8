"""Whether some of the drawn numbers do worse than others. Says nothing of few students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from gradus.analytics.estimates import LEAST, LEVEL, Share, difference
from gradus.analytics.people import People
from gradus.courses.models import Item
from gradus.submissions.models import StudentItem

MOST_VALUES = 6  # of one number that are told apart; more are halved at their median
MOST_NUMBERS = 30


@dataclass(frozen=True, slots=True)
class DrawLine:
    """Students who drew one value, or one half of the values, of one number."""

    name: str
    values: str
    solved: Share
    is_worse: bool | None  # than all others; none: too few to say


def draws_of(
    item: Item, people: People, tried: Collection[int], solved: Collection[int]
) -> list[DrawLine]:
    """One query. `tried` and `solved` are enrolments.

    A value does worse where Newcombe's interval of the difference to all others lies below zero, at
    a level of 95 % for all values together (Bonferroni: each at 1 - 0.05/m).
    """
    sheets = StudentItem.objects.filter(people.among("enrolment__"), item=item, practice=0)
    drawn = {
        pk: numbers
        for pk, numbers in sheets.exclude(numbers=None).values_list("enrolment_id", "numbers")
        if pk in tried and isinstance(numbers, dict)
    }
    groups = _groups(drawn)
    everybody = {name: set().union(*of.values()) for name, of in groups.items()}
    compared = sum(len(of) for of in groups.values())
    level = 1 - (1 - LEVEL) / max(1, compared)
    return [
        _line(name, values, students, everybody[name] - students, set(solved), level)
        for name, of in groups.items()
        for values, students in of.items()
    ]


def _groups(drawn: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[str, set[int]]]:
    """Students by name of the number and by its values; without numbers all of one value."""
    by_name: dict[str, dict[int, Any]] = defaultdict(dict)
    for pk, numbers in drawn.items():
        for name, value in numbers.items():
            if isinstance(value, str | int | float):  # a list or a table has no order
                by_name[name][pk] = value
    found = {name: _split(of) for name, of in list(by_name.items())[:MOST_NUMBERS]}
    return {name: of for name, of in found.items() if len(of) > 1}


def _split(values: Mapping[int, Any]) -> dict[str, set[int]]:
    groups: dict[str, set[int]] = defaultdict(set)
    if len({str(value) for value in values.values()}) <= MOST_VALUES:
        for pk in sorted(values, key=lambda pk: (str(type(values[pk])), values[pk])):
            groups[str(values[pk])[:80]].add(pk)
        return dict(groups)
    if any(isinstance(value, str | bool) for value in values.values()):
        return {}  # names that nearly everybody has for itself
    middle = median(values.values())
    lower = {pk for pk, value in values.items() if value <= middle}
    halves = {
        _("up to {value}").format(value=f"{middle:g}"): lower,
        _("above {value}").format(value=f"{middle:g}"): values.keys() - lower,
    }
    return {name: of for name, of in halves.items() if of}


def _line(
    name: str, values: str, students: set[int], others: set[int], solved: set[int], level: float
) -> DrawLine:
    count = len(students & solved)
    own = Share(count, len(students))
    worse = None
    if len(students) >= LEAST and len(others) >= LEAST:
        gap = difference(own.k, own.n, len(others & solved), len(others), level)
        worse = gap.high < 0
    return DrawLine(name, values, own, worse)
