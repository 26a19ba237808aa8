"""The marks of a class as numbers, by the rules of the gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gradus.analytics.estimates import Correlation, Five, Share, five, item_rest, share
from gradus.analytics.people import People
from gradus.courses.models import Assignment
from gradus.gradebook.facts import Column
from gradus.gradebook.grades import Grade
from gradus.gradebook.marks import Marks, marks_of, outlines, read
from gradus.lib.collector import paused


class Cell(NamedTuple):
    """What counts of one student for one item."""

    got: float
    full: float  # without what people have not told yet
    is_missing: bool = False
    is_late: bool = False  # something is deducted


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item over all students with a mark for it."""

    column: Column
    marked: int
    full: Share | None  # of these, how many have full marks
    mean: float | None  # share of the points: the lower, the harder
    discrimination: Correlation | None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One assignment."""

    assignment: Assignment
    shares: Five | None  # of its points, over students of whom something counts
    students: int  # of whom something counts
    missing: int  # marks
    late: int  # marks with points off


@dataclass(frozen=True, slots=True)
class ClassMarks:
    students: int
    totals: tuple[float, ...]  # percent so far, of those who have one
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | None, ...], ...]  # by student, as the columns; none: does not count

    def items(self) -> list[ItemLine]:
        """In the order of the gradebook."""
        sums = self._sums()
        return [self._item(place, sums) for place in range(len(self.columns))]

    def item(self, item_id: int) -> ItemLine | None:
        places = [k for k, column in enumerate(self.columns) if column.item_id == item_id]
        return self._item(places[0], self._sums()) if places else None

    def sheets(self) -> list[SheetLine]:
        """In the order of the gradebook."""
        places: dict[int, list[int]] = {}
        for place, column in enumerate(self.columns):
            places.setdefault(column.assignment_id, []).append(place)
        return [self._sheet(of) for of in places.values()]

    def _sums(self) -> list[tuple[float, float]]:
        """Points and full points of each student; extra credit is left out."""
        counting = [place for place, column in enumerate(self.columns) if not column.is_extra]
        return [_sum(row, counting) for row in self.rows]

    def _sheet(self, places: Sequence[int]) -> SheetLine:
        counting = [place for place in places if not self.columns[place].is_extra]
        sums = [_sum(row, counting) for row in self.rows]
        shares = [got / full for got, full in sums if full]
        cells = [cell for row in self.rows for place in places if (cell := row[place])]
        return SheetLine(
            assignment=self.columns[places[0]].assignment,
            shares=five(shares),
            students=len(shares),
            missing=sum(cell.is_missing for cell in cells),
            late=sum(cell.is_late for cell in cells),
        )

    def _item(self, place: int, sums: Sequence[tuple[float, float]]) -> ItemLine:
        is_extra = self.columns[place].is_extra
        shares, own, rest = [], [], []
        for row, (got, full) in zip(self.rows, sums, strict=True):
            cell = row[place]
            if cell is None or cell.is_missing:
                continue
            value = cell.got / cell.full
            shares.append(value)
            of_others = full if is_extra else full - cell.full
            if of_others > 1e-9:
                own.append(value)
                rest.append((got if is_extra else got - cell.got) / of_others)
        return ItemLine(
            column=self.columns[place],
            marked=len(shares),
            full=share(sum(value >= 1 for value in shares), len(shares)),
            mean=sum(shares) / len(shares) if shares else None,
            discrimination=item_rest(own, rest),
        )


def class_marks(people: People, now: datetime) -> ClassMarks:
    """At most seven queries."""
    with paused():
        return _class_marks(people, now)


def _class_marks(people: People, now: datetime) -> ClassMarks:
    outline = outlines([people.course.pk])[people.course.pk]
    students = people.enrolments
    own = read(students)
    everybody = [
        marks_of(outline, own[pk], now)
        for pk in students.order_by("pk").values_list("pk", flat=True)
    ]
    percents = [marks.so_far.percent for marks in everybody]
    columns = tuple(outline.columns)
    full = [(float(column.points), float(column.points - column.human)) for column in columns]
    return ClassMarks(
        students=len(everybody),
        totals=tuple(float(value) for value in percents if value is not None),
        columns=columns,
        rows=tuple(_row(marks, columns, full) for marks in everybody),
    )


def _row(
    marks: Marks, columns: Sequence[Column], full: Sequence[tuple[float, float]]
) -> tuple[Cell | None, ...]:
    return tuple(
        _cell(marks, column, marks.grades.get(column.item_id), whole, automatic)
        for column, (whole, automatic) in zip(columns, full, strict=True)
    )


def _cell(
    marks: Marks, column: Column, grade: Grade | None, whole: float, automatic: float
) -> Cell | None:
    if grade is not None:
        most = automatic if grade.awaits_human else whole
        return Cell(float(grade.points), most, is_late=grade.before is not None)
    if column.item_id in marks.excused or column.is_extra:
        return None
    return Cell(0.0, whole, is_missing=True) if column.assignment_id in marks.past_due else None


def _sum(row: Sequence[Cell | None], places: Sequence[int]) -> tuple[float, float]:
    cells = [cell for place in places if (cell := row[place]) is not None]
    return sum(cell.got for cell in cells), sum(cell.full for cell in cells)
