"""The gradebook of a course: students by items. At most ten queries, however many of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db.models import QuerySet

from gradus.courses.models import Course, Enrolment, Role
from gradus.courses.selectors import by_name
from gradus.gradebook.facts import Column
from gradus.gradebook.grades import Grade
from gradus.gradebook.marks import Marks, marks_of, outlines, read
from gradus.lib.collector import paused
from gradus.submissions.models import Job, Submission

__all__ = ["Column", "Grid", "Mark", "Row", "State", "make_grid", "students_of"]


class State(StrEnum):
    """How a mark stands."""

    OPEN = "open"  # nothing graded, and there is still time
    MISSING = "missing"  # nothing graded, and the assignment is past due
    WAITING = "waiting"  # nothing graded yet, but a submission is in the queue
    FAULT = "fault"  # nothing graded, and a fault of ours stopped the last grading
    GRADED = "graded"
    PROVISIONAL = "provisional"  # the speed part is not graded yet
    CHANGED = "changed"  # by hand
    EXCUSED = "excused"  # counts nowhere


@dataclass(frozen=True, slots=True)
class Mark:
    state: State
    points: Decimal | None = None
    is_late: bool = False  # something is deducted
    submission_id: int | None = None  # the one that counts; none: several, or by hand


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


_NOT_DONE = (Job.State.QUEUED, Job.State.RUNNING, Job.State.ERROR)
_NOTHING = {state: Mark(state) for state in State}


def students_of(course: Course) -> list[Enrolment]:
    """Who has a row, by name. Two queries."""
    return by_name(_active(course))


def make_grid(course: Course, now: datetime, chosen: Sequence[Enrolment] | None = None) -> Grid:
    """The marks for all published assignments: of all active students, or of a chosen few."""
    with paused():
        return _make_grid(course, now, chosen)


def _make_grid(course: Course, now: datetime, chosen: Sequence[Enrolment] | None) -> Grid:
    outline = outlines([course.pk])[course.pk]
    columns = outline.columns
    enrolments = students_of(course) if chosen is None else chosen
    whose = _active(course)
    own = read(whose if chosen is None else whose.filter(pk__in=[one.pk for one in chosen]))
    stuck = _stuck(course)
    rows = [
        _row(enrolment, columns, marks_of(outline, own[enrolment.pk], now), stuck)
        for enrolment in enrolments
    ]
    hidden = course.assignments.filter(is_published=False).count()
    return Grid(tuple(columns), tuple(rows), hidden)


def _active(course: Course) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(course=course, role=Role.STUDENT, is_active=True)


def _stuck(course: Course) -> dict[tuple[int, int], State]:
    """Cells with a submission in the queue, or whose last job a fault of ours stopped."""
    jobs = Job.objects.filter(
        state__in=_NOT_DONE,
        submission__mode=Submission.Mode.SUBMIT,
        submission__item__assignment__course=course,
    )
    found = jobs.order_by("pk").values_list(
        "submission__enrolment_id", "submission__item_id", "state"
    )
    return {
        (enrolment_id, item_id): State.FAULT if state == Job.State.ERROR else State.WAITING
        for enrolment_id, item_id, state in found
    }


def _row(
    enrolment: Enrolment,
    columns: Sequence[Column],
    own: Marks,
    stuck: Mapping[tuple[int, int], State],
) -> Row:
    marks = tuple(
        _mark(
            own, column, own.grades.get(column.item_id), stuck.get((enrolment.pk, column.item_id))
        )
        for column in columns
    )
    return Row(enrolment, marks, own.so_far.percent, own.of_all.percent)


def _mark(own: Marks, column: Column, grade: Grade | None, stuck: State | None) -> Mark:
    if column.item_id in own.excused:
        return _NOTHING[State.EXCUSED]
    if grade is None:
        missing = column.assignment_id in own.past_due and not column.is_extra
        return _NOTHING[stuck or (State.MISSING if missing else State.OPEN)]
    if grade.is_override:
        return Mark(State.CHANGED, grade.points)
    state = State.PROVISIONAL if grade.is_provisional else State.GRADED
    return Mark(state, grade.points, grade.before is not None, grade.submission_id)
