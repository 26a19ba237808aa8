"""Extensions and excuses: given with a reason, and taken back. Nothing is edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.errors import CourseArchived, CourseRefused
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
        raise CourseRefused(_("This assignment has no deadline that could be extended."))
    if due_at <= assignment.due_at:
        raise CourseRefused(_("An extension must be later than the deadline."))
    made = _add(
        assignment, target, actor, now,
        kind=Allowance.Kind.EXTENSION, due_at=due_at, reason=_reason(reason),
    )  # fmt: skip
    subject = _("More time for {assignment}")
    text = _("You have more time for “{assignment}”. The page says until when and for what.")
    _tell(made, subject, text, now)
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
        raise CourseRefused(_("This exercise belongs to another assignment."))
    made = _add(
        assignment, target, actor, now,
        kind=Allowance.Kind.EXCUSE, item=item, reason=_reason(reason),
    )  # fmt: skip
    if item is None:
        text = _("You are excused from “{assignment}”. The page says until when and for what.")
    else:
        text = _(
            "You are excused from something in “{assignment}”."
            " The page says until when and for what."
        )
    _tell(made, _("Excused: {assignment}"), text, now)
    return made


@transaction.atomic
def take_back(*, allowance: Allowance, actor: User, now: datetime) -> Allowance:
    """End an extension or excuse. Raises: CourseRefused, when it has ended already."""
    # The row is locked, so that two people do not both end it; the database would refuse too.
    held = Allowance.objects.select_for_update(of=("self",)).get(pk=allowance.pk)
    if held.kind == Allowance.Kind.UNDO or Allowance.objects.filter(undoes=held).exists():
        raise CourseRefused(_("This was taken back already."))
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
        raise CourseArchived
    student, section = target.enrolment, target.section
    if (student is None) == (section is None):
        raise CourseRefused(_("Choose one student or one section."))
    if (student or section).course_id != course.pk:  # type: ignore[union-attr]  # one is there
        raise CourseRefused(_("They are not in this course."))
    if student is not None and student.role != Role.STUDENT:
        raise CourseRefused(_("Only students need extensions and excuses."))
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


def _tell(allowance: Allowance, subject: str, text: str, now: datetime) -> None:
    """Mail those whom it is for; both say `{assignment}` where its title belongs."""
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
            subject=subject.format(assignment=assignment.title),
            text=text.format(assignment=assignment.title),
            path=reverse("web:assignment", args=[assignment.pk]),
            now=now,
        )


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise CourseRefused(_("Say why: the reason stays beside it."))
    if len(reason) > MOST_REASON:
        told = _("The reason may have at most {most:,} characters.")
        raise CourseRefused(told.format(most=MOST_REASON))
    return reason
