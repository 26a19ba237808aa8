"""The points of each check and step of one assignment, of the submissions that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gradus.gradebook.grid import Grid
from gradus.gradebook.models import GradeEvent

_AT_ONCE = 200  # verdicts in memory


@dataclass(frozen=True, slots=True)
class CheckColumn:
    exercise: str
    title: str
    max_points: Decimal  # of the exercise, not of the item


@dataclass(frozen=True, slots=True)
class CheckTable:
    columns: tuple[CheckColumn, ...]
    rows: tuple[tuple[Decimal | None, ...], ...]  # none: not graded, or the mark is set by hand


def check_table(grid: Grid, assignment_id: int) -> CheckTable:
    """As the rows of the grid; no column where nothing is graded. One query."""
    places = [
        (place, column)
        for place, column in enumerate(grid.columns)
        if column.assignment_id == assignment_id
    ]
    counting = {
        mark.submission_id: (number, place)
        for number, row in enumerate(grid.rows)
        for place, _ in places
        if (mark := row.marks[place]).submission_id is not None
    }
    columns: dict[tuple[int, str], CheckColumn] = {}
    found: dict[tuple[int, int], dict[str, Decimal]] = {}  # by row and place
    titles = {place: column.title for place, column in places}
    for submission_id, body in _verdicts([column.item_id for _, column in places]):
        cell = counting.get(submission_id)
        if cell is not None:
            parts = list(_parts(body))
            found[cell] = {name: points for name, _, points, _ in parts}
            for name, title, _, most in parts:
                columns[cell[1], name] = CheckColumn(titles[cell[1]], title, most)
    keys = sorted(columns, key=lambda key: key[0])  # those of a place stay in their order
    rows = (
        tuple(found.get((number, place), {}).get(name) for place, name in keys)
        for number in range(len(grid.rows))
    )
    return CheckTable(tuple(columns[key] for key in keys), tuple(rows))


def _verdicts(items: Iterable[int]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Submission and verdict, oldest first: of several of one submission, the last one counts.

    Without those of regrades that were taken back.
    """
    events = GradeEvent.objects.filter(item__in=items, verdict__isnull=False, undone_by=None)
    rows = events.order_by("pk").values_list("submission_id", "verdict__body")
    yield from rows.iterator(chunk_size=_AT_ONCE)


def _parts(body: Mapping[str, Any]) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """Name, title, points and full points of each check, then of each step."""
    for check in body["checks"]:
        yield f"check {check['id']}", check["title"], *_points(check)
    for step in body["steps"]:
        yield f"step {step['id']}", step["id"], *_points(step)


def _points(part: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(repr(part["points"])), Decimal(repr(part["max_points"]))
