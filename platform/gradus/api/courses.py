"""Courses and their assignments."""

from __future__ import annotations

from django.utils import timezone
from ninja import Router

from gradus.accounts.models import Right, User
from gradus.api.access import PersonRequest, Token, own_enrolment
from gradus.api.problems import ERRORS
from gradus.api.schemas import AssignmentOut, CourseOut, ItemOut, Person
from gradus.courses.exams import Gate
from gradus.courses.models import Assignment, Enrolment
from gradus.courses.services import gate_of
from gradus.gradebook.selectors import ItemRow, items_by_assignment

router = Router(tags=["courses"])


@router.get("/me", response={200: Person, **ERRORS}, auth=Token(*Right))
def me(request: PersonRequest) -> Person:
    user: User = request.auth
    return Person(username=user.username, name=user.shown_name, time_zone=user.time_zone)


@router.get("/courses", response={200: list[CourseOut], **ERRORS}, auth=Token(*Right))
def courses(request: PersonRequest) -> list[CourseOut]:
    """The courses you are in; with a token of one course, that one."""
    enrolments = (
        Enrolment.objects.filter(user=request.auth, is_active=True)
        .select_related("course")
        .order_by("course__title", "pk")
    )
    return [
        CourseOut(
            id=enrolment.course_id,
            title=enrolment.course.title,
            term=enrolment.course.term,
            role=enrolment.role,
            is_archived=enrolment.course.is_archived,
        )
        for enrolment in enrolments
        if request.token.reaches(enrolment.course_id)
    ]


@router.get(
    "/courses/{course_id}/assignments",
    response={200: list[AssignmentOut], **ERRORS},
    auth=Token(Right.READ),
)
def assignments(request: PersonRequest, course_id: int) -> list[AssignmentOut]:
    """The assignments of a course, with their items and your points so far."""
    enrolment = own_enrolment(request, course_id)
    return [
        AssignmentOut(
            id=assignment.pk,
            title=assignment.title,
            opens_at=assignment.opens_at,
            due_at=assignment.own_due_at,
            closes_at=assignment.window.closes_at,
            weight=float(assignment.weight),
            items=[_item(row) for row in rows] if _is_open(request, assignment, enrolment) else [],
        )
        for assignment, rows in items_by_assignment(enrolment, timezone.now())
    ]


def _is_open(request: PersonRequest, assignment: Assignment, enrolment: Enrolment) -> bool:
    """Exercises of an exam are not named before it opens here."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return gate_of(assignment, enrolment, address, timezone.now()) is Gate.OPEN


def _item(row: ItemRow) -> ItemOut:
    item = row.item
    return ItemOut(
        id=item.pk,
        exercise=item.exercise.slug,
        title=item.version.title,
        kind=item.version.kind,
        unit=item.exercise.unit.slug,
        version=item.version.digest,
        points=float(item.points),
        grade=float(row.grade.points) if row.grade else None,
        is_provisional=bool(row.grade and row.grade.is_provisional),
        attempts_used=row.attempts_used,
        attempts_left=row.attempts_left,
    )
