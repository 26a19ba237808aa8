"""Marks by hand: an event that sets one, and an event that takes it back. Nothing is edited."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.models import Enrolment, Item
from gradus.gradebook.errors import GradeChanged, GradeRefused
from gradus.gradebook.grades import Grade
from gradus.gradebook.history import History, history_of
from gradus.gradebook.models import GradeEvent

log = structlog.get_logger(__name__)

MOST_REASON = 2_000  # characters


@transaction.atomic
def override(
    *,
    student: Enrolment,
    item: Item,
    points: Decimal,
    reason: str,
    actor: User,
    seen: int,
    now: datetime,
) -> GradeEvent:
    """Set a mark by hand. `seen` is the last event that the person saw, 0 for none.

    Raises: GradeRefused: no reason, points out of range, an item of another course; GradeChanged,
        when there is a newer event.
    """
    if item.assignment.course_id != student.course_id:
        raise GradeRefused(_("This exercise belongs to another course."))
    if not (points.is_finite() and 0 <= points <= item.points):
        raise GradeRefused(
            _("A mark here is from 0 to {most} points.").format(most=f"{item.points.normalize():f}")
        )
    if not reason.strip():
        raise GradeRefused(_("Say why: the reason stays beside the mark."))
    if len(reason) > MOST_REASON:
        raise GradeRefused(
            _("The reason may have at most {most} characters.").format(most=f"{MOST_REASON:,}")
        )
    old = _locked(student, item, seen, now).grade
    event = _add(
        student, item, actor, now,
        source=GradeEvent.Source.OVERRIDE, points=points, reason=reason.strip(),
        old_points=_kept(old),
    )  # fmt: skip
    _tell(student, item, now)
    return event


@transaction.atomic
def undo(*, student: Enrolment, item: Item, actor: User, seen: int, now: datetime) -> GradeEvent:
    """Take back the override in force: an earlier one, or the submissions, count again.

    Raises: GradeRefused, when there is none; GradeChanged, when there is a newer event.
    """
    known = _locked(student, item, seen, now)
    last = known.override
    if last is None or known.grade is None:
        raise GradeRefused(
            _("This mark was not changed by hand, so there is nothing to take back.")
        )
    left = known.without(last)
    event = _add(
        student, item, actor, now,
        source=GradeEvent.Source.UNDO, undoes_id=last.pk, reason="Taken back.",
        old_points=_kept(known.grade), points=_kept(left),
    )  # fmt: skip
    _tell(student, item, now)
    return event


def _tell(student: Enrolment, item: Item, now: datetime) -> None:
    """Mail that a mark changed, without the mark: it stands on the page, for its owner alone."""
    if item.assignment.is_held:
        return  # students learn their results with the release
    title = item.version.title
    letters.write(
        user=student.user,
        subject=_("Your mark for {title} was changed").format(title=title),
        text=_(
            "The staff of your course changed your mark for “{title}”."
            " The page has the new one, and how it came about."
        ).format(title=title),
        path=reverse("web:item", args=[item.pk]),
        now=now,
    )


def _locked(student: Enrolment, item: Item, seen: int, now: datetime) -> History:
    """The mark now, with the student's row locked: two people cannot both change it."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=student.pk)
    known = history_of(student, item, now)
    if known.seen != seen:
        raise GradeChanged
    return known


def _kept(grade: Grade | None) -> Decimal | None:
    """As the row keeps it: three decimals."""
    return None if grade is None else grade.points.quantize(Decimal("0.001"), ROUND_HALF_UP)


def _add(
    student: Enrolment, item: Item, actor: User, now: datetime, **fields: object
) -> GradeEvent:
    event = GradeEvent.objects.create(
        enrolment=student,
        item=item,
        actor=actor,
        max_points=item.points,
        created_at=now,
        **fields,
    )
    log.info("mark changed by hand", grade_event_id=event.pk, user_id=actor.pk)
    is_undo = event.source == GradeEvent.Source.UNDO
    record(
        Action.MARK_UNDONE if is_undo else Action.MARK_SET,
        course_id=student.course_id,
        about=f"{item.version.title}, {student.user.username}",
        person=student.user,
        old={"points": event.old_points},
        new={"points": event.points, "reason": event.reason},
        actor=actor,
    )
    return event
