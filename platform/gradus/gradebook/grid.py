"""The gradebook of a course: students by items. Five queries, however many of either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gradus.courses.models import Assignment, Course, Enrolment, Item, Role
from gradus.courses.selectors import name_key
from gradus.gradebook.grades import Event, Grade, Part, grade_of, total_percent
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.selectors import EVENT_FIELDS, event_of
from gradus.submissions.models import Job, Submission


class State(StrEnum):
    """How a mark stands."""

    OPEN = "open"  # nothing graded, and there is still time
    MISSING = "missing"  # nothing graded, and the assignment is past due
    WAITING = "waiting"  # nothing graded yet, but a submission is in the queue
    FAULT = "fault"  # nothing graded, and a fault of ours stopped the last grading
    GRADED = "graded"
    PROVISIONAL = "provisional"  # the speed part is not graded yet
    CHANGED = "changed"  # by hand


@dataclass(frozen=True, slots=True)
class Mark:
    state: State
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """An item, with what its marks need."""

    item_id: int
    title: str
    points: Decimal
    assignment: Assignment
    assignment_id: int
    is_past_due: bool


@dataclass(frozen=True, slots=True)
class Row:
    enrolment: Enrolment
    marks: tuple[Mark, ...]  # as the columns
    so_far: Decimal | None  # percent, over what is graded or past due
    of_all: Decimal | None  # percent, with nothing for what is not graded


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    hidden_count: int  # assignments that are not published


_NOTHING = {state: Mark(state) for state in State}
_Cells = Mapping[tuple[int, int], Any]


def make_grid(course: Course, now: datetime) -> Grid:
    """The marks of all active students for all published assignments."""
    assignments = list(Assignment.objects.filter(course=course).order_by("order", "pk"))
    columns = _columns([a for a in assignments if a.is_published], now)
    students = Enrolment.objects.filter(course=course, role=Role.STUDENT, is_active=True)
    enrolments = sorted(
        students.select_related("user", "section"), key=lambda e: (*name_key(e.user), e.pk)
    )
    grades = _grades(course, columns)
    stuck = _stuck(course)
    rows = [_row(enrolment, columns, grades, stuck) for enrolment in enrolments]
    hidden = sum(not a.is_published for a in assignments)
    return Grid(tuple(columns), tuple(rows), hidden)


def _columns(assignments: Sequence[Assignment], now: datetime) -> list[Column]:
    known = {assignment.pk: assignment for assignment in assignments}
    items = Item.objects.filter(assignment__in=known).order_by("order", "pk")
    by_assignment: dict[int, list[Column]] = defaultdict(list)
    for pk, assignment_id, title, points in items.values_list(
        "pk", "assignment_id", "version__title", "points"
    ):
        owner = known[assignment_id]
        column = Column(pk, title, points, owner, assignment_id, owner.is_past_due(now))
        by_assignment[assignment_id].append(column)
    return [column for assignment in assignments for column in by_assignment[assignment.pk]]


def _grades(course: Course, columns: Sequence[Column]) -> dict[tuple[int, int], Grade]:
    counting = {column.item_id: column.assignment.counting for column in columns}
    events: dict[tuple[int, int], list[Event]] = defaultdict(list)
    found = GradeEvent.objects.filter(item__in=list(counting), enrolment__course=course)
    for enrolment_id, item_id, *values in found.values_list(
        "enrolment_id", "item_id", *EVENT_FIELDS
    ):
        events[enrolment_id, item_id].append(event_of(*values))
    grades = {cell: grade_of(rows, counting[cell[1]]) for cell, rows in events.items()}
    return {cell: grade for cell, grade in grades.items() if grade is not None}


def _stuck(course: Course) -> dict[tuple[int, int], State]:
    """Cells with a submission in the queue, or whose last job a fault of ours stopped."""
    jobs = Job.objects.filter(
        submission__mode=Submission.Mode.SUBMIT, submission__item__assignment__course=course
    ).exclude(state=Job.State.DONE)
    found = jobs.order_by("pk").values_list(
        "submission__enrolment_id", "submission__item_id", "state"
    )
    return {
        (enrolment_id, item_id): State.FAULT if state == Job.State.ERROR else State.WAITING
        for enrolment_id, item_id, state in found
    }


def _row(enrolment: Enrolment, columns: Sequence[Column], grades: _Cells, stuck: _Cells) -> Row:
    marks = tuple(
        _mark(column, grades.get(cell), stuck.get(cell))
        for column in columns
        for cell in ((enrolment.pk, column.item_id),)
    )
    so_far, of_all = _totals(columns, marks)
    return Row(enrolment, marks, so_far, of_all)


def _mark(column: Column, grade: Grade | None, stuck: State | None) -> Mark:
    if grade is None:
        return _NOTHING[stuck or (State.MISSING if column.is_past_due else State.OPEN)]
    if grade.is_override:
        return Mark(State.CHANGED, grade.points)
    return Mark(State.PROVISIONAL if grade.is_provisional else State.GRADED, grade.points)


def _totals(
    columns: Sequence[Column], marks: Sequence[Mark]
) -> tuple[Decimal | None, Decimal | None]:
    got: dict[int, list[Decimal]] = {}
    for column, mark in zip(columns, marks, strict=True):
        sums = got.setdefault(column.assignment_id, [Decimal(0), Decimal(0), Decimal(0)])
        sums[2] += column.points
        if mark.points is not None:
            sums[0] += mark.points
        if mark.points is not None or mark.state is State.MISSING:
            sums[1] += column.points
    weights = {column.assignment_id: column.assignment.weight for column in columns}
    so_far = total_percent(Part(weights[pk], earned, now) for pk, (earned, now, _) in got.items())
    of_all = total_percent(Part(weights[pk], earned, full) for pk, (earned, _, full) in got.items())
    return so_far, of_all
