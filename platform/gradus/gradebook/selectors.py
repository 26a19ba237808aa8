"""What pages read about points. A fixed number of queries, however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from gradus.accounts.models import User
from gradus.courses.models import Assignment, Course, Enrolment, Item
from gradus.gradebook.grades import Grade
from gradus.gradebook.marks import Marks, student_marks
from gradus.gradebook.models import GradeEvent
from gradus.submissions.models import Job, Submission


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item on a student's assignment page."""

    item: Item
    grade: Grade | None
    is_excused: bool
    attempts_used: int
    attempts_left: int | None  # none: no limit
    last_submission_id: int | None
    is_being_graded: bool


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment in a student's list."""

    assignment: Assignment
    item_count: int
    graded_count: int
    points: Decimal
    max_points: Decimal
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course on a person's first page."""

    course: Course
    enrolment: Enrolment
    assignments: tuple[AssignmentRow, ...]
    late_days_left: int  # of the course's bank


def grades(
    enrolments: Iterable[Enrolment], now: datetime, *, for_staff: bool = False
) -> dict[int, Grade]:
    """One person's grades by item id, over all items of these courses. At most six queries."""
    own = student_marks(list(enrolments), now, for_staff=for_staff)
    return {item_id: grade for marks in own.values() for item_id, grade in marks.grades.items()}


def regrades_of(submission: Submission) -> QuerySet[GradeEvent]:
    """What regrades did to a submission, oldest first."""
    sources = (GradeEvent.Source.REGRADE, GradeEvent.Source.REVERSE)
    return GradeEvent.objects.filter(submission=submission, source__in=sources).order_by("pk")


def assignment_items(enrolment: Enrolment, assignment: Assignment, now: datetime) -> list[ItemRow]:
    """The items of an assignment with this student's points and attempts. Six queries."""
    return _item_rows(enrolment, [assignment], now)


def items_by_assignment(
    enrolment: Enrolment, now: datetime
) -> list[tuple[Assignment, list[ItemRow]]]:
    """All that this person sees of a course, in order. Seven queries."""
    mine = Assignment.objects.filter(course=enrolment.course_id)
    assignments = list(mine.visible_to(enrolment.user, now).order_by("order", "pk"))
    rows: dict[int, list[ItemRow]] = defaultdict(list)
    for row in _item_rows(enrolment, assignments, now):
        rows[row.item.assignment_id].append(row)
    return [(assignment, rows[assignment.pk]) for assignment in assignments]


def _item_rows(enrolment: Enrolment, assignments: list[Assignment], now: datetime) -> list[ItemRow]:
    items = list(
        Item.objects.filter(assignment__in=assignments)
        .select_related("exercise__unit", "version", "assignment")
        .order_by("order", "pk")
    )
    marks = student_marks([enrolment], now)[enrolment.pk]
    graded = Submission.objects.filter(mode=Submission.Mode.SUBMIT)
    usage = {
        row["item"]: row
        for row in graded.filter(enrolment=enrolment, item__in=items)
        .values("item")
        .order_by("item")
        .annotate(
            used=Count("pk", filter=Q(given_back=False), distinct=True),
            last=Max("pk"),
            open=Count(
                "jobs",
                filter=Q(jobs__state__in=[Job.State.QUEUED, Job.State.RUNNING])
                & ~Q(jobs__regrade__in=Job.HIDDEN),
            ),
        )
    }
    return [_item_row(item, marks, usage.get(item.pk)) for item in items]


def overview(user: User, now: datetime) -> list[CourseRow]:
    """This person's courses, with assignments and points so far. Seven queries."""
    enrolments = list(
        Enrolment.objects.filter(user=user, is_active=True)
        .select_related("course")
        .order_by("course__is_archived", "course__title", "pk")
    )
    marks = student_marks(enrolments, now)
    rows = _assignment_rows(user, enrolments, marks, now)
    return [
        CourseRow(one.course, one, tuple(rows[one.pk]), _late_days_left(one.course, marks[one.pk]))
        for one in enrolments
    ]


def _late_days_left(course: Course, marks: Marks) -> int:
    return max(0, course.late_day_bank - sum(marks.late_days.values()))


def course_assignments(enrolment: Enrolment, now: datetime) -> list[AssignmentRow]:
    """The assignments of a course that this person sees, with points so far. Six queries."""
    marks = student_marks([enrolment], now)
    return _assignment_rows(enrolment.user, [enrolment], marks, now)[enrolment.pk]


def _assignment_rows(
    user: User, enrolments: list[Enrolment], marks: Mapping[int, Marks], now: datetime
) -> dict[int, list[AssignmentRow]]:
    """Rows by enrolment id; all of the enrolments are of this person."""
    of_course = {enrolment.course_id: enrolment for enrolment in enrolments}
    assignments = list(
        Assignment.objects.filter(course__in=of_course)
        .visible_to(user, now)
        .order_by("order", "pk")
    )
    items = list(Item.objects.filter(assignment__in=assignments))
    points = {pk: grade for own in marks.values() for pk, grade in own.grades.items()}
    excused = frozenset().union(*(own.excused for own in marks.values()))
    by_assignment: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.pk not in excused:
            by_assignment[item.assignment_id].append(item)
    rows: dict[int, list[AssignmentRow]] = {enrolment.pk: [] for enrolment in enrolments}
    for assignment in assignments:
        row = _assignment_row(assignment, by_assignment[assignment.pk], points)
        rows[of_course[assignment.course_id].pk].append(row)
    return rows


def _item_row(item: Item, marks: Marks, usage: Mapping[str, Any] | None) -> ItemRow:
    used = usage["used"] if usage else 0
    return ItemRow(
        item=item,
        grade=marks.grades.get(item.pk),
        is_excused=item.pk in marks.excused,
        attempts_used=used,
        attempts_left=None if item.max_attempts is None else max(0, item.max_attempts - used),
        last_submission_id=usage["last"] if usage else None,
        is_being_graded=bool(usage and usage["open"]),
    )


def _assignment_row(
    assignment: Assignment, items: list[Item], points: dict[int, Grade]
) -> AssignmentRow:
    got = [points[item.pk] for item in items if item.pk in points]
    return AssignmentRow(
        assignment=assignment,
        item_count=len(items),
        graded_count=len(got),
        points=sum((grade.points for grade in got), Decimal(0)),
        max_points=sum((item.points for item in items if not item.is_extra), Decimal(0)),
        is_provisional=any(grade.is_provisional for grade in got),
    )
