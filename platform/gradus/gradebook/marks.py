"""The marks of students in a course, with everything that decides them. No rule lives elsewhere.

`outlines` and `read` ask the database, in a fixed number of queries; `marks_of` computes one
student's marks from that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from gradus.courses.late import LatePolicy
from gradus.courses.models import Allowance, Assignment, Enrolment, Item
from gradus.courses.windows import Window
from gradus.gradebook.grades import Event, Grade, grade_of
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.totals import Entry, Group, Total, total_of

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Column:
    """An item, with what its marks need."""

    item_id: int
    title: str
    points: Decimal
    assignment: Assignment
    assignment_id: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assignment with what its marks need."""

    assignment: Assignment
    columns: tuple[Column, ...]
    window: Window  # for everybody without an extension
    late: LatePolicy


@dataclass(frozen=True, slots=True)
class Outline:
    """What a course marks: its published assignments in order."""

    sheets: tuple[Sheet, ...] = ()
    late_day_bank: int = 0

    @property
    def columns(self) -> list[Column]:
        return [column for sheet in self.sheets for column in sheet.columns]


@dataclass(frozen=True, slots=True)
class Raw:
    """A grade event as it is stored, with when its submission was received."""

    id: int
    submission_id: int | None
    points: Decimal | None
    is_provisional: bool
    undoes: int | None
    received_at: datetime | None


_RAW_FIELDS = (
    *("pk", "submission_id", "points", "is_provisional", "undoes_id"),
    "submission__received_at",
)


@dataclass(frozen=True, slots=True)
class Own:
    """What one student's marks are computed from."""

    events: dict[int, list[Raw]] = field(default_factory=dict)  # by item
    extended: dict[int, datetime] = field(default_factory=dict)  # deadlines, by assignment
    excused: set[int] = field(default_factory=set)  # items
    excused_sheets: set[int] = field(default_factory=set)  # assignments

    def allow(self, one: Allowance) -> None:
        if one.due_at is not None:
            latest = self.extended.get(one.assignment_id, one.due_at)
            self.extended[one.assignment_id] = max(latest, one.due_at)
        elif one.item_id is not None:
            self.excused.add(one.item_id)
        else:
            self.excused_sheets.add(one.assignment_id)


@dataclass(frozen=True, slots=True)
class Marks:
    """One student's."""

    grades: Mapping[int, Grade] = field(default_factory=dict)  # by item
    past_due: frozenset[int] = frozenset()  # assignments, by this student's own deadlines
    excused: frozenset[int] = frozenset()  # items that count nowhere
    late_days: Mapping[int, int] = field(default_factory=dict)  # used, by assignment
    so_far: Total = field(default_factory=Total)  # over what is graded or past due
    of_all: Total = field(default_factory=Total)  # with nothing for what is not graded
    readings: tuple[Reading, ...] = ()  # by sheet


def outlines(courses: Collection[int]) -> dict[int, Outline]:
    """By course. Two queries."""
    assignments = list(
        Assignment.objects.filter(course__in=courses, is_published=True)
        .select_related("course")
        .order_by("order", "pk")
    )
    known = {assignment.pk: assignment for assignment in assignments}
    columns: dict[int, list[Column]] = defaultdict(list)
    items = Item.objects.filter(assignment__in=known).order_by("order", "pk")
    for pk, of, title, points in items.values_list(
        "pk", "assignment_id", "version__title", "points"
    ):
        columns[of].append(Column(pk, title, points, known[of], of))
    sheets: dict[int, list[Sheet]] = {course_id: [] for course_id in courses}
    banks = {assignment.course_id: assignment.course.late_day_bank for assignment in assignments}
    for one in assignments:
        sheet = Sheet(one, tuple(columns[one.pk]), one.window, one.late_policy)
        sheets[one.course_id].append(sheet)
    return {pk: Outline(tuple(of), banks.get(pk, 0)) for pk, of in sheets.items()}


def read(students: QuerySet[Enrolment]) -> dict[int, Own]:
    """What the marks of these students are computed from. At most three queries."""
    found: dict[int, Own] = defaultdict(Own)
    rows = GradeEvent.objects.filter(enrolment__in=students)
    for enrolment_id, item_id, *values in rows.values_list("enrolment_id", "item_id", *_RAW_FIELDS):
        found[enrolment_id].events.setdefault(item_id, []).append(Raw(*values))
    whose = Q(enrolment__in=students) | Q(section__enrolments__in=students)
    allowances = list(Allowance.objects.in_force().filter(whose).distinct())
    if allowances:
        _allow(found, allowances, dict(students.order_by().values_list("pk", "section_id")))
    return found


def _allow(
    found: dict[int, Own], allowances: Iterable[Allowance], sections: Mapping[int, int | None]
) -> None:
    """Give each student what holds for it or for its section."""
    of_section: dict[int, list[int]] = defaultdict(list)
    for enrolment_id, section_id in sections.items():
        if section_id is not None:
            of_section[section_id].append(enrolment_id)
    for one in allowances:
        whose = [one.enrolment_id] if one.enrolment_id else of_section[one.section_id or 0]
        for enrolment_id in whose:
            if enrolment_id in sections:
                found[enrolment_id].allow(one)


def marks_of(outline: Outline, own: Own, now: datetime) -> Marks:
    """What one student has. Pure."""
    readings = tuple(Reading(sheet, own, now, outline.late_day_bank) for sheet in outline.sheets)
    so_far = total_of([one.group(so_far=True) for one in readings], outline.late_day_bank)
    grades: dict[int, Grade] = {}
    for one in readings:
        one.late_days = so_far.days.get(one.id, 0)
        grades |= one.grades
    return Marks(
        grades=grades,
        past_due=frozenset(one.id for one in readings if one.is_past_due),
        excused=frozenset().union(*(one.excused for one in readings)),
        late_days=so_far.days,
        so_far=so_far,
        of_all=total_of([one.group(so_far=False) for one in readings]),
        readings=readings,
    )


class Reading:
    """One sheet of one student, with 0, 1, 2, … late days spent on it."""

    __slots__ = ("_options", "excused", "id", "is_past_due", "late_days", "sheet", "window")

    def __init__(self, sheet: Sheet, own: Own, now: datetime, bank: int) -> None:
        self.sheet = sheet
        self.id = sheet.assignment.pk
        self.window = sheet.window.extended(own.extended.get(self.id))
        self.excused = _excused(sheet, own)
        self.is_past_due = self.window.is_past_due(now)
        found = {
            column.item_id: [event_of(raw, self.window) for raw in own.events[column.item_id]]
            for column in sheet.columns
            if column.item_id in own.events and column.item_id not in self.excused
        }
        late = max((e.days_late for of in found.values() for e in of), default=0)
        most = min(late, bank, sheet.late.most_late_days) if sheet.late.percent_per_day else 0
        self._options = [self._grades(found, days) for days in range(most + 1)]
        self.late_days: int | None = None  # spent; none: not decided yet

    def _grades(self, found: Mapping[int, Iterable[Event]], days: int) -> dict[int, Grade]:
        counting, late = self.sheet.assignment.counting, self.sheet.late
        grades = {pk: grade_of(of, counting, late, days) for pk, of in found.items()}
        return {pk: grade for pk, grade in grades.items() if grade is not None}

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
        """Points of the items that count."""
        graded = self._options[0]
        counting = (
            column.points
            for column in self.sheet.columns
            if column.item_id not in self.excused
            and (not so_far or self.is_past_due or column.item_id in graded)
        )
        return sum(counting, _ZERO)

    def group(self, *, so_far: bool) -> Group:
        """The sheet as a part of the total."""
        options = self._options if self.late_days is None else [self.grades]
        points = tuple(sum((g.points for g in of.values()), _ZERO) for of in options)
        entry = Entry(self.id, Decimal(1), self.full(so_far=so_far), points)
        return Group(self.sheet.assignment.weight, (entry,))


def _excused(sheet: Sheet, own: Own) -> frozenset[int]:
    if sheet.assignment.pk in own.excused_sheets:
        return frozenset(column.item_id for column in sheet.columns)
    if not own.excused:
        return frozenset()
    return frozenset(c.item_id for c in sheet.columns if c.item_id in own.excused)


def event_of(raw: Raw, window: Window) -> Event:
    """The part that counts of a stored event. Points of an undo count nowhere."""
    late = window.days_late(raw.received_at) if raw.received_at else 0
    points = _ZERO if raw.points is None else raw.points
    return Event(raw.id, raw.submission_id, points, raw.is_provisional, raw.undoes, late)


def raw_of(event: GradeEvent) -> Raw:
    """The same from a row with its submission."""
    received_at = event.submission.received_at if event.submission else None
    return Raw(
        *(event.pk, event.submission_id, event.points, event.is_provisional, event.undoes_id),
        received_at,
    )


def student_marks(enrolments: Sequence[Enrolment], now: datetime) -> dict[int, Marks]:
    """One person's marks, by enrolment. Three queries."""
    known = outlines({enrolment.course_id for enrolment in enrolments})
    own = read(Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments]))
    return {e.pk: marks_of(known[e.course_id], own[e.pk], now) for e in enrolments}
