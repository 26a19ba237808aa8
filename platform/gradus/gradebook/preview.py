"""What a change would do to marks, found by making it, reading the gradebook and taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from gradus.courses.models import Course, Enrolment
from gradus.gradebook.grades import rounded
from gradus.gradebook.grid import Column, Grid, Mark, State, make_grid


@dataclass(frozen=True, slots=True)
class Shift:
    """One mark that would be another."""

    enrolment: Enrolment
    column: Column
    old: Mark
    new: Mark

    @property
    def is_lower(self) -> bool:
        """Fewer points, or what is there no longer counts; an excuse lowers nothing."""
        if self.new.state is State.EXCUSED or self.old.state is State.EXCUSED:
            return False
        return (self.new.points or 0) < (self.old.points or 0)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the marks of a course."""

    shifts: tuple[Shift, ...]
    totals: int  # students whose total "so far" changes
    lower_totals: int

    @property
    def is_empty(self) -> bool:
        return not self.shifts and not self.totals

    @property
    def students(self) -> int:
        return len({shift.enrolment.pk for shift in self.shifts})

    @property
    def lower(self) -> int:
        return sum(shift.is_lower for shift in self.shifts)

    @property
    def lowers(self) -> bool:
        return bool(self.lower or self.lower_totals)

    @property
    def stamp(self) -> str:
        """The same for the same effect: what was looked at is what is applied."""
        lines = [
            f"{s.enrolment.pk} {s.column.item_id} {s.old.points} {s.new.points} {s.new.state}"
            for s in self.shifts
        ]
        text = "\n".join([*lines, f"{self.totals} {self.lower_totals}"])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class _TakenBack(Exception):
    """Ends the transaction of a preview."""


def effect_of(course: Course, change: Callable[[], object], now: datetime) -> Effect:
    """Two readings of the gradebook; nothing stays. Raises: what `change` raises."""
    before = make_grid(course, now)
    after: list[Grid] = []
    try:
        with transaction.atomic():
            change()
            after.append(make_grid(Course.objects.get(pk=course.pk), now))
            raise _TakenBack
    except _TakenBack:
        return _difference(before, after[0])


def _difference(before: Grid, after: Grid) -> Effect:
    old = _cells(before)
    shifts = tuple(
        Shift(row.enrolment, column, was, mark)
        for row in after.rows
        for column, mark in zip(after.columns, row.marks, strict=True)
        for was in (old.pop((row.enrolment.pk, column.item_id), (column, row.enrolment, None))[2],)
        if was is not None and _shown(was) != _shown(mark)
    )
    gone = tuple(
        Shift(enrolment, column, was, Mark(State.OPEN))
        for column, enrolment, was in old.values()
        if was is not None and was.points is not None
    )
    totals = [
        (row.so_far, new.so_far)
        for row, new in zip(before.rows, after.rows, strict=True)
        if row.so_far != new.so_far
    ]
    lower = sum((new or Decimal(0)) < (was or Decimal(0)) for was, new in totals)
    return Effect(shifts + gone, len(totals), lower)


_Cell = tuple[Column, Enrolment, Mark | None]


def _cells(grid: Grid) -> dict[tuple[int, int], _Cell]:
    return {
        (row.enrolment.pk, column.item_id): (column, row.enrolment, mark)
        for row in grid.rows
        for column, mark in zip(grid.columns, row.marks, strict=True)
    }


def _shown(mark: Mark) -> tuple[Decimal | None, bool]:
    points = None if mark.points is None else rounded(mark.points)
    return points, mark.state is State.EXCUSED
