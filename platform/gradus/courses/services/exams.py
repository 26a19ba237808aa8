"""The door of an exam, and the release of its results."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.courses.errors import CourseArchived, CourseRefused, ExamRefused
from gradus.courses.exams import Gate, is_within
from gradus.courses.models import Assignment, Enrolment, ExamEntry
from gradus.courses.services.assignments import locked_assignment

log = structlog.get_logger(__name__)

MOST_GUESSES = 10
_PAUSE = timedelta(minutes=10)


def gate_of(assignment: Assignment, enrolment: Enrolment, address: str, now: datetime) -> Gate:
    """Whether this person may open it from this address. One query where there is a password."""
    if not assignment.has_door or enrolment.is_staff or assignment.has_closed(now):
        return Gate.OPEN
    if assignment.exam_networks and not is_within(address, assignment.exam_networks):
        return Gate.NETWORK
    if assignment.exam_password:
        given = ExamEntry.objects.filter(
            assignment=assignment, enrolment=enrolment, password=assignment.exam_password
        )
        return Gate.OPEN if given.exists() else Gate.PASSWORD
    return Gate.OPEN


def refuse_at_the_door(
    assignment: Assignment, enrolment: Enrolment, address: str, now: datetime
) -> None:
    """Raises: ExamRefused, with why."""
    gate = gate_of(assignment, enrolment, address, now)
    if gate is not Gate.OPEN:
        raise ExamRefused(assignment.pk, gate)


def enter(
    *, assignment: Assignment, enrolment: Enrolment, password: str, address: str, now: datetime
) -> None:
    """Let a student in who knows the password.

    Raises: ExamRefused, from a wrong network; CourseRefused: a wrong password, or too many.
    """
    gate = gate_of(assignment, enrolment, address, now)
    if gate is Gate.OPEN:
        return
    if gate is Gate.NETWORK:
        raise ExamRefused(assignment.pk, gate)
    key = f"exam-guesses-{assignment.pk}-{enrolment.pk}"
    cache.add(key, 0, timeout=_PAUSE.total_seconds())
    if cache.incr(key) > MOST_GUESSES:
        raise CourseRefused(_("Too many passwords. Wait ten minutes, or ask the staff."))
    if not check_password(password, assignment.exam_password):
        raise CourseRefused(_("This is not the password of the exam."))
    ExamEntry.objects.create(
        assignment=assignment,
        enrolment=enrolment,
        password=assignment.exam_password,
        address=address.split("%")[0] or None,
        entered_at=now,
    )
    log.info("exam entered", assignment_id=assignment.pk, enrolment_id=enrolment.pk)


@transaction.atomic
def change_exam(
    *,
    assignment: Assignment,
    networks: list[str] | None = None,
    holds_feedback: bool | None = None,
    password: str | None = None,
) -> Assignment:
    """Set the door and whether results wait. None keeps what is there; an empty password is none.

    Raises: CourseRefused, in an archived course.
    """
    held = _held(assignment)
    old = _exam_facts(held)
    if networks is not None:
        held.exam_networks = networks
    if holds_feedback is not None:
        held.holds_feedback = holds_feedback
    if password is not None:
        held.exam_password = make_password(password) if password else ""
    held.save(update_fields=["exam_password", "exam_networks", "holds_feedback"])
    new = _exam_facts(held) | {"password_is_new": bool(password)}
    about, course_id = held.title, held.course_id
    record(Action.EXAM_CHANGED, course_id=course_id, about=about, old=old, new=new)
    return held


def _exam_facts(assignment: Assignment) -> dict[str, Any]:
    """Whether there is a password, never which."""
    facts = columns(assignment, ["exam_networks", "holds_feedback"])
    return {**facts, "has_password": bool(assignment.exam_password), "password_is_new": False}


@transaction.atomic
def set_released(*, assignment: Assignment, is_released: bool, now: datetime) -> Assignment:
    """Tell students the results, or tell them no more. Raises: CourseRefused, as `change_exam`."""
    held = _held(assignment)
    old = columns(held, ["released_at"])
    held.released_at = now if is_released else None
    held.save(update_fields=["released_at"])
    record(
        Action.RESULTS_RELEASED if is_released else Action.RESULTS_HELD,
        course_id=held.course_id,
        about=held.title,
        old=old,
        new=columns(held, ["released_at"]),
    )
    log.info("results released", assignment_id=held.pk, is_released=is_released)
    return held


def _held(assignment: Assignment) -> Assignment:
    held = locked_assignment(assignment)
    if held.course.is_archived:
        raise CourseArchived
    return held
