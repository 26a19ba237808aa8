"""What every export says: the gradebook's own numbers, rounded once, with nobody left out.

Where the columns are assignments, what was withdrawn is no part of their points, and who is excused
from a part has the share of full marks that the rest earned: the share that the gradebook counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from gradus.courses.models import Enrolment
from gradus.gradebook.exports.checks import CheckTable
from gradus.gradebook.grades import rounded
from gradus.gradebook.grid import Column, Grid, Mark, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    first_name: str
    last_name: str
    username: str
    email: str
    id_number: str
    section: str

    @property
    def sorted_name(self) -> str:
        return ", ".join(p for p in (self.last_name, self.first_name) if p) or self.username


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    key: str  # the same in every export of a course, for what finds columns by an id
    title: str  # of one column only
    max_points: Decimal


class Excused(Enum):
    """Counts nowhere for this student, which is neither no mark nor 0 points."""

    EX = "EX"


Score: TypeAlias = Decimal | Excused | None  # two decimals; none: no mark


@dataclass(frozen=True, slots=True)
class ScoreRow:
    student: Student
    scores: tuple[Score, ...]
    so_far: Decimal | None  # percent
    of_all: Decimal | None


@dataclass(frozen=True, slots=True)
class GradeTable:
    columns: tuple[ScoreColumn, ...]
    rows: tuple[ScoreRow, ...]
    notes: tuple[tuple[str, ...], ...] = ()  # lines that say how the numbers were made
    checks: CheckTable | None = None  # of one assignment, as the rows


def grade_table(
    grid: Grid,
    *,
    by_assignment: bool,
    missing_is_zero: bool,
    notes: Sequence[tuple[str, ...]] = (),
    checks: CheckTable | None = None,
) -> GradeTable:
    """The marks of a grid, for each item or added up for each assignment."""
    groups = _groups(grid.columns, by_assignment)
    rows = [
        ScoreRow(
            _student(row.enrolment),
            tuple(_score(grid.columns, row.marks, at, missing_is_zero) for *_, at in groups),
            row.so_far,
            row.of_all,
        )
        for row in grid.rows
    ]
    columns = score_columns(grid, by_assignment=by_assignment)
    return GradeTable(columns, tuple(rows), tuple(notes), checks)


def score_columns(grid: Grid, *, by_assignment: bool) -> tuple[ScoreColumn, ...]:
    """The columns of such a table, whoever is in it."""
    groups = _groups(grid.columns, by_assignment)
    titles = _once([title for _, title, _ in groups])
    return tuple(
        ScoreColumn(key, title, rounded(_full([grid.columns[k] for k in places])))
        for title, (key, _, places) in zip(titles, groups, strict=True)
    )


def cell(score: Score) -> str:
    """A bare number, so that what reads it needs no rule of any country; empty for no mark, and
    where somebody is excused: most importers know no word for it.
    """
    return str(score) if isinstance(score, Decimal) else ""


def cell_or_ex(score: Score) -> str:
    """The same for readers who know EX: people, and Canvas."""
    return score.value if isinstance(score, Excused) else cell(score)


def _full(columns: Sequence[Column]) -> Decimal:
    """Extra credit adds nothing to full marks; alone it has its own. So does what was withdrawn."""
    there = [column for column in columns if not column.is_withdrawn] or columns
    counting = [column for column in there if not column.is_extra] or there
    return sum((column.points for column in counting), Decimal(0))


def _groups(columns: Sequence[Column], by_assignment: bool) -> list[tuple[str, str, list[int]]]:
    """Key, title and places in the grid of each column of the file."""
    if not by_assignment:
        return [
            (f"item-{c.item_id}", f"{c.assignment.title}: {c.title}", [k])
            for k, c in enumerate(columns)
        ]
    groups: dict[int, tuple[str, str, list[int]]] = {}
    for place, column in enumerate(columns):
        pk = column.assignment_id
        group = groups.setdefault(pk, (f"assignment-{pk}", column.assignment.title, []))
        group[2].append(place)
    return list(groups.values())


def _score(
    columns: Sequence[Column], marks: Sequence[Mark], places: Sequence[int], missing_is_zero: bool
) -> Score:
    """The sum of what is there, as a share of full marks where a part is excused.

    None where nothing is there.
    """
    counting = [k for k in places if marks[k].state is not State.EXCUSED]
    if all(columns[k].is_extra for k in counting) and counting != list(places):
        return Excused.EX  # of all that full marks are made of
    there = [
        k
        for k in counting
        if marks[k].points is not None or (missing_is_zero and marks[k].state is State.MISSING)
    ]
    if not there:
        return None
    points = sum((marks[k].points or Decimal(0) for k in there), Decimal(0))
    if len(counting) < len(places):
        points *= _full([columns[k] for k in places]) / _full([columns[k] for k in counting])
    return rounded(points)


def _once(titles: Sequence[str]) -> list[str]:
    """Equal titles get numbers: an importer would write both columns into one."""
    used: set[str] = set()
    result = []
    for title in titles:
        name, number = title, 2
        while name.casefold() in used:
            name, number = f"{title} #{number}", number + 1
        used.add(name.casefold())
        result.append(name)
    return result


def _student(enrolment: Enrolment) -> Student:
    user = enrolment.user
    return Student(
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        email=user.email,
        id_number=enrolment.id_number,
        section=enrolment.section.name if enrolment.section else "",
    )
