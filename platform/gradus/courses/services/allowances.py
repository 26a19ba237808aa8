"""Extensions and excuses: given with a reason, and taken back. Nothing is edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.urls import reverse

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Allowance, Assignment, Enrolment, Item, Role, Section

log = structlog.get_logger(__name__)

MOST_REASON = 2_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One student, or one section."""

    enrolment: Enrolment | None = None
    section: Section | None = None


@transaction.atomic
def extend(
    *,
    assignment: Assignment,
    target: Target,
    due_at: datetime,
    reason: str,
    actor: User,
    now: datetime,
) -> Allowance:
    """A later deadline; the late period moves along. Of several, the latest holds.

    Raises: CourseRefused: no deadline to extend, not a later one, no reason, another course.
    """
    if assignment.due_at is None:
        raise CourseRefused("This assignment has no deadline that could be extended.")
    if due_at <= assignment.due_at:
        raise CourseRefused("An extension must be later than the deadline.")
    made = _add(
        assignment, target, actor, now,
        kind=Allowance.Kind.EXTENSION, due_at=due_at, reason=_reason(reason),
    )  # fmt: skip
    _tell(
        made,
        f"More time for {assignment.title}",
        f"You have more time for “{assignment.title}”.",
        now,
    )
    return made


@transaction.atomic
def excuse(
    *,
    assignment: Assignment,
    target: Target,
    item: Item | None,
    reason: str,
    actor: User,
    now: datetime,
) -> Allowance:
    """Let an item, or all of an assignment, not count. Raises: CourseRefused, as `extend`."""
    if item is not None and item.assignment_id != assignment.pk:
        raise CourseRefused("This exercise belongs to another assignment.")
    made = _add(
        assignment, target, actor, now,
        kind=Allowance.Kind.EXCUSE, item=item, reason=_reason(reason),
    )  # fmt: skip
    about = f"{'something in ' if item is not None else ''}“{assignment.title}”"
    _tell(made, f"Excused: {assignment.title}", f"You are excused from {about}.", now)
    return made


@transaction.atomic
def take_back(*, allowance: Allowance, actor: User, now: datetime) -> Allowance:
    """End an extension or excuse. Raises: CourseRefused, when it has ended already."""
    # The row is locked, so that two people do not both end it; the database would refuse too.
    held = Allowance.objects.select_for_update(of=("self",)).get(pk=allowance.pk)
    if held.kind == Allowance.Kind.UNDO or Allowance.objects.filter(undoes=held).exists():
        raise CourseRefused("This was taken back already.")
    target = Target(enrolment=held.enrolment, section=held.section)
    return _add(
        held.assignment, target, actor, now,
        kind=Allowance.Kind.UNDO, undoes=held, item=held.item, reason="Taken back.",
    )  # fmt: skip


def _add(
    assignment: Assignment, target: Target, actor: User, now: datetime, **fields: object
) -> Allowance:
    course = assignment.course
    if course.is_archived:
        raise CourseRefused("The course is archived and can no longer be changed.")
    student, section = target.enrolment, target.section
    if (student is None) == (section is None):
        raise CourseRefused("Choose one student or one section.")
    if (student or section).course_id != course.pk:  # type: ignore[union-attr]  # one is there
        raise CourseRefused("They are not in this course.")
    if student is not None and student.role != Role.STUDENT:
        raise CourseRefused("Only students need extensions and excuses.")
    made = Allowance.objects.create(
        assignment=assignment, enrolment=student, section=section, actor=actor,
        created_at=now, **fields,
    )  # fmt: skip
    log.info("allowance added", allowance_id=made.pk, user_id=actor.pk)
    _record(made, actor)
    return made


_ACTIONS = {
    Allowance.Kind.EXTENSION: Action.EXTENSION,
    Allowance.Kind.EXCUSE: Action.EXCUSE,
    Allowance.Kind.UNDO: Action.ALLOWANCE_UNDONE,
}


def _record(made: Allowance, actor: User) -> None:
    of = made.item.version.title if made.item is not None else "all of it"
    whom = made.enrolment.user.username if made.enrolment is not None else str(made.section)
    record(
        _ACTIONS[Allowance.Kind(made.kind)],
        course_id=made.assignment.course_id,
        about=f"{made.assignment.title}, {of}, for {whom}",
        person=made.enrolment.user if made.enrolment is not None else None,
        new={"due_at": made.due_at, "reason": made.reason, "undoes": made.undoes_id},
        actor=actor,
    )


def _tell(allowance: Allowance, subject: str, words: str, now: datetime) -> None:
    """Mail those whom it is for."""
    assignment = allowance.assignment
    if not assignment.is_published:
        return
    whom = Enrolment.objects.filter(is_active=True, role=Role.STUDENT, course=assignment.course)
    if allowance.enrolment_id is not None:
        whom = whom.filter(pk=allowance.enrolment_id)
    else:
        whom = whom.filter(section=allowance.section)
    for enrolment in whom.select_related("user"):
        letters.write(
            user=enrolment.user,
            subject=subject,
            text=f"{words} The page says until when and for what.",
            path=reverse("web:assignment", args=[assignment.pk]),
            now=now,
        )


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise CourseRefused("Say why: the reason stays beside it.")
    if len(reason) > MOST_REASON:
        raise CourseRefused(f"The reason may have at most {MOST_REASON:,} characters.")
    return reason
