"""Marks for staff: the gradebook, one mark with how it came about, a mark by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from ninja import Router, Schema

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff, student_or_404
from gradus.api.fields import Paged, PageNumber, PageSize, Points, Reason, Strict, paged
from gradus.api.problems import ERRORS
from gradus.courses.models import Enrolment, Item
from gradus.gradebook import policy
from gradus.gradebook.grid import Row, make_grid, students_of
from gradus.gradebook.history import History, history_of
from gradus.gradebook.overrides import override, undo

router = Router(tags=["marks"])
_READ, _CHANGE = Token(Right.READ, Right.MARKS), Token(Right.MARKS)


class MarkOut(Schema):
    item: int
    state: str
    points: Decimal | None
    is_late: bool


class RowOut(Schema):
    """The marks of one student; items as in `items` of the answer."""

    enrolment: int
    username: str
    name: str
    id_number: str
    so_far: Decimal | None  # percent, over what is graded or past due
    of_all: Decimal | None  # percent, with nothing for what is not graded
    marks: list[MarkOut]


class ColumnOut(Schema):
    item: int
    assignment: int
    assignment_title: str
    title: str
    points: Decimal
    is_extra: bool


class MarksOut(Paged):
    columns: list[ColumnOut]
    items: list[RowOut]


class EventOut(Schema):
    id: int
    source: str
    points: Decimal | None
    max_points: Decimal
    actor: str | None
    reason: str
    created_at: datetime
    submission: int | None


class OneMarkOut(Schema):
    """A mark with its history. Send `seen` back to change it."""

    enrolment: int
    item: int
    points: Decimal | None
    max_points: Decimal
    is_by_hand: bool
    is_excused: bool
    seen: int  # the last event; 0 for none
    events: list[EventOut]  # newest first


class OverrideIn(Strict):
    points: Points
    reason: Reason
    seen: int  # of the mark as you know it: a newer event refuses the change


@router.get("/courses/{course_id}/marks", response={200: MarksOut, **ERRORS}, auth=_READ)
def marks(
    request: PersonRequest, course_id: int, page: PageNumber = 1, size: PageSize = 100
) -> MarksOut:
    """The gradebook: all students, by name."""
    viewer = staff(request, course_id, policy.may_see_gradebook)
    facts, students = paged(students_of(viewer.course), page, size)
    grid = make_grid(viewer.course, timezone.now(), students)
    columns = [
        ColumnOut(
            item=column.item_id,
            assignment=column.assignment_id,
            assignment_title=column.assignment.title,
            title=column.title,
            points=column.points,
            is_extra=column.is_extra,
        )
        for column in grid.columns
    ]
    ids = [column.item_id for column in grid.columns]
    return MarksOut(**facts, columns=columns, items=[_row(row, ids) for row in grid.rows])


@router.get(
    "/courses/{course_id}/marks/{enrolment_id}/{item_id}",
    response={200: OneMarkOut, **ERRORS},
    auth=_READ,
)
def mark(request: PersonRequest, course_id: int, enrolment_id: int, item_id: int) -> OneMarkOut:
    """One mark, and how it came about."""
    _, student, item = _cell(request, course_id, enrolment_id, item_id)
    return _one(student, item)


@router.put(
    "/courses/{course_id}/marks/{enrolment_id}/{item_id}",
    response={200: OneMarkOut, **ERRORS},
    auth=_CHANGE,
)
def set_mark(
    request: PersonRequest, course_id: int, enrolment_id: int, item_id: int, body: OverrideIn
) -> OneMarkOut:
    """Set a mark by hand. It wins over all submissions until it is taken back."""
    student, item = _changeable(request, course_id, enrolment_id, item_id)
    override(
        student=student, item=item, points=body.points, reason=body.reason, actor=request.auth,
        seen=body.seen, now=timezone.now(),
    )  # fmt: skip
    return _one(student, item)


@router.delete(
    "/courses/{course_id}/marks/{enrolment_id}/{item_id}",
    response={200: OneMarkOut, **ERRORS},
    auth=_CHANGE,
)
def take_mark_back(
    request: PersonRequest, course_id: int, enrolment_id: int, item_id: int, seen: int
) -> OneMarkOut:
    """Take the mark by hand back: the one before it, or the submissions, count again."""
    student, item = _changeable(request, course_id, enrolment_id, item_id)
    undo(student=student, item=item, actor=request.auth, seen=seen, now=timezone.now())
    return _one(student, item)


def _row(row: Row, items: list[int]) -> RowOut:
    user = row.enrolment.user
    return RowOut(
        enrolment=row.enrolment.pk,
        username=user.username,
        name=user.shown_name,
        id_number=row.enrolment.id_number,
        so_far=row.so_far,
        of_all=row.of_all,
        marks=[
            MarkOut(item=item, state=mark.state, points=mark.points, is_late=mark.is_late)
            for item, mark in zip(items, row.marks, strict=True)
        ],
    )


def _cell(
    request: PersonRequest, course_id: int, enrolment_id: int, item_id: int
) -> tuple[Enrolment, Enrolment, Item]:
    viewer = staff(request, course_id, policy.may_see_gradebook)
    student = student_or_404(viewer, enrolment_id)
    items = Item.objects.filter(assignment__course=viewer.course)
    item = items.select_related("assignment__course", "version").filter(pk=item_id).first()
    if item is None:
        raise Http404
    return viewer, student, item


def _changeable(
    request: PersonRequest, course_id: int, enrolment_id: int, item_id: int
) -> tuple[Enrolment, Item]:
    """Raises: Http404, PermissionDenied."""
    viewer, student, item = _cell(request, course_id, enrolment_id, item_id)
    if not policy.may_override(viewer, student):
        raise PermissionDenied
    return student, item


def _one(student: Enrolment, item: Item) -> OneMarkOut:
    history: History = history_of(student, item, timezone.now())
    grade = history.grade
    return OneMarkOut(
        enrolment=student.pk,
        item=item.pk,
        points=grade.points if grade else None,
        max_points=item.points,
        is_by_hand=history.override is not None,
        is_excused=history.is_excused,
        seen=history.seen,
        events=[
            EventOut(
                id=event.pk,
                source=event.source,
                points=event.points,
                max_points=event.max_points,
                actor=event.actor.username if event.actor else None,
                reason=event.reason,
                created_at=event.created_at,
                submission=event.submission_id,
            )
            for event in history.events
        ],
    )
