"""One assignment of one student: its grades with late days spent, its part of the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gradus.courses.models import Assignment, AssignmentGroup
from gradus.courses.windows import Window
from gradus.gradebook.facts import Column, Own, Raw, Sheet
from gradus.gradebook.grades import Event, Grade, grade_of
from gradus.gradebook.totals import Entry, Group

_ZERO = Decimal(0)


class Reading:
    """One sheet of one student, with 0, 1, 2, … late days spent on it."""

    __slots__ = (*("_options", "excused", "id", "is_past_due", "late_days", "sheet", "window"),)

    def __init__(self, sheet: Sheet, own: Own, now: datetime, bank: int) -> None:
        self.sheet = sheet
        self.id = sheet.assignment.pk
        self.window = sheet.window.extended(own.extended.get(self.id))
        self.excused = _excused(sheet, own)
        self.is_past_due = self.window.is_past_due(now)
        plain: dict[int, Grade] = {}
        found: dict[int, list[Event]] = {}
        for column in sheet.columns:
            raws = own.events.get(column.item_id)
            if raws is None or column.item_id in self.excused:
                continue
            if (grade := _plain(raws, column)) is not None:
                plain[column.item_id] = grade
            else:
                found[column.item_id] = events_of(raws, self.window, column.points, column.human)
        late = {pk for pk, of in found.items() for event in of if event.days_late}
        most = 0
        if late and bank and sheet.late.percent_per_day:
            days = max(event.days_late for pk in late for event in found[pk])
            most = min(days, bank, sheet.late.most_late_days)
        on_time = plain | self._grades(found, 0)
        covered = {pk: found[pk] for pk in late}
        more = [on_time | self._grades(covered, days) for days in range(1, most + 1)]
        self._options = [on_time, *more]
        self.late_days: int | None = None  # spent; none: not decided yet

    def _grades(self, found: Mapping[int, Iterable[Event]], days: int) -> dict[int, Grade]:
        counting, late, human = self.sheet.assignment.counting, self.sheet.late, self.sheet.human
        grades = {
            pk: grade_of(of, counting, late, days, has_human=pk in human)
            for pk, of in found.items()
        }
        return {pk: grade for pk, grade in grades.items() if grade is not None}

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to come that counts."""
        if self.sheet.human and any(grade.awaits_human for grade in self._options[0].values()):
            return False
        return self.is_past_due or self.full(so_far=True) == self.full(so_far=False)

    @property
    def is_extended(self) -> bool:
        return self.window.due_at != self.sheet.window.due_at

    @property
    def own_assignment(self) -> Assignment:
        """With this student's deadline."""
        own = copy(self.sheet.assignment)
        own.extended_to = self.window.due_at
        return own

    @property
    def grades(self) -> dict[int, Grade]:
        return self._options[self.late_days or 0]

    def full(self, *, so_far: bool) -> Decimal:
        """Points of the items that count; `so_far` without what people have not marked yet."""
        everything = self.is_past_due or not so_far
        if everything and not self.excused and not (so_far and self.sheet.human):
            return self.sheet.full
        graded = self._options[0]
        counting = (
            column.points - column.human
            if so_far and column.human and self._awaits_human(column.item_id)
            else column.points
            for column in self.sheet.columns
            if column.item_id not in self.excused
            and not column.is_extra
            and (everything or column.item_id in graded)
        )
        return sum(counting, _ZERO)

    def _awaits_human(self, item_id: int) -> bool:
        grade = self._options[0].get(item_id)
        return grade is not None and grade.awaits_human

    def entry(self, *, so_far: bool) -> Entry:
        """The sheet as a part of its group."""
        options = self._options if self.late_days is None else [self.grades]
        points = tuple(sum((g.points for g in of.values()), _ZERO) for of in options)
        weight = self.sheet.assignment.weight
        return Entry(self.id, weight, self.full(so_far=so_far), points)


@dataclass(frozen=True, slots=True)
class Part:
    """What counts as one in the total: a group of assignments, or one that has none."""

    group: AssignmentGroup | None
    readings: tuple[Reading, ...]

    @property
    def title(self) -> str:
        return self.group.name if self.group else self.readings[0].sheet.assignment.title

    @property
    def weight(self) -> Decimal:
        return self.group.weight if self.group else self.readings[0].sheet.assignment.weight

    def counted(self, *, so_far: bool) -> Group:
        entries = tuple(one.entry(so_far=so_far) for one in self.readings)
        return Group(self.weight, entries, self.group.drop_lowest if self.group else 0)


def parts_of(readings: Iterable[Reading]) -> tuple[Part, ...]:
    """In the order of their first assignments."""
    found: dict[tuple[int | None, int], list[Reading]] = {}
    for one in readings:
        group_id = one.sheet.assignment.group_id
        found.setdefault((group_id, 0 if group_id else one.id), []).append(one)
    return tuple(Part(of[0].sheet.assignment.group, tuple(of)) for of in found.values())


def _excused(sheet: Sheet, own: Own) -> frozenset[int]:
    """What counts nowhere for this student; what was withdrawn, for nobody."""
    if sheet.assignment.pk in own.excused_sheets:
        return frozenset(column.item_id for column in sheet.columns)
    if not own.excused:
        return sheet.withdrawn
    return sheet.withdrawn | {c.item_id for c in sheet.columns if c.item_id in own.excused}


def _plain(raws: Sequence[Raw], column: Column) -> Grade | None:
    """What `grade_of` says, in less time, of nearly every mark: one result in time, of the points
    that the item still has. None of any other.
    """
    one = raws[0]
    if (
        len(raws) > 1
        or one.submission_id is None
        or one.points is None
        or one.max_points is not None
        or one.received_at is not None
        or column.human
        or one.human_mark_id is not None
    ):
        return None
    return Grade(one.points, one.is_provisional, submission_id=one.submission_id)


def events_of(
    raws: Iterable[Raw], window: Window, full: Decimal, human: Decimal = _ZERO
) -> list[Event]:
    """The parts that count of stored events; `human` of the full points are given by people."""
    return [_event(raw, window, full, human) for raw in raws if human or raw.human_mark_id is None]


def _event(raw: Raw, window: Window, full: Decimal, human: Decimal) -> Event:
    """Where the item's points changed, the same share. Points of an undo count nowhere."""
    late = window.days_late(raw.received_at) if raw.received_at else 0
    points = _ZERO if raw.points is None else raw.points
    is_human = raw.human_mark_id is not None
    worth = human if is_human else full if raw.submission_id is None else full - human
    was = full if raw.max_points is None else raw.max_points
    if was != worth:
        points = points * worth / was
    return Event(raw.id, raw.submission_id, points, raw.is_provisional, raw.undoes, late, is_human)
