"""Take a broken exercise out of a course, for everybody and until it is restored."""

from __future__ import annotations

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
from gradus.courses.models import Course, Enrolment, Item, Role

log = structlog.get_logger(__name__)

LEAST_REASON, MOST_REASON = 5, 500  # characters


@transaction.atomic
def withdraw(
    *, course: Course, exercise_id: int, why: str, actor: User, now: datetime
) -> list[Item]:
    """Withdraw all items that a course made of an exercise; its students are mailed once.

    Raises: CourseRefused: no reason, an archived course, or nothing to withdraw.
    """
    why = " ".join(why.split())
    if not LEAST_REASON <= len(why) <= MOST_REASON:
        told = _("Say why, in {least} to {most} characters: students read it.")
        raise CourseRefused(told.format(least=LEAST_REASON, most=MOST_REASON))
    items = _items(course, exercise_id, is_withdrawn=False)
    if not items:
        raise CourseRefused(
            _("No assignment of this course uses the exercise, or all have lost it.")
        )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(
        withdrawn_at=now, withdrawn_why=why
    )
    record(
        Action.EXERCISE_WITHDRAWN, course_id=course.pk, about=_about(items),
        new={"why": why, "assignments": [item.assignment.title for item in items]},
    )  # fmt: skip
    text = _(
        "{exercise} is withdrawn: it takes no submissions and counts for nobody,"
        " also where it was submitted already."
    )
    title = _about(items)
    subject = _("{exercise} is withdrawn").format(exercise=title)
    _tell(items, subject, f"{text.format(exercise=title)}\n\n{why}", now)
    log.info("exercise withdrawn", course_id=course.pk, exercise_id=exercise_id, user_id=actor.pk)
    return items


@transaction.atomic
def restore(*, course: Course, exercise_id: int, actor: User, now: datetime) -> list[Item]:
    """Let withdrawn items count again, with everything that was submitted.

    Raises: CourseRefused: an archived course, or nothing is withdrawn.
    """
    items = _items(course, exercise_id, is_withdrawn=True)
    if not items:
        raise CourseRefused(_("This exercise is not withdrawn."))
    Item.objects.filter(pk__in=[item.pk for item in items]).update(
        withdrawn_at=None, withdrawn_why=""
    )
    record(
        Action.EXERCISE_RESTORED, course_id=course.pk, about=_about(items),
        new={"assignments": [item.assignment.title for item in items]},
    )  # fmt: skip
    text = _(
        "{exercise} counts again, with everything that you have submitted."
        " It takes submissions until its deadline."
    )
    title = _about(items)
    subject = _("{exercise} counts again").format(exercise=title)
    _tell(items, subject, text.format(exercise=title), now)
    log.info("exercise restored", course_id=course.pk, exercise_id=exercise_id, user_id=actor.pk)
    return items


def _items(course: Course, exercise_id: int, *, is_withdrawn: bool) -> list[Item]:
    if course.is_archived:
        raise CourseArchived
    rows = Item.objects.filter(assignment__course=course, exercise=exercise_id)
    rows = rows.filter(withdrawn_at__isnull=not is_withdrawn).order_by("pk")
    return list(rows.select_related("assignment", "version").select_for_update(of=("self",)))


def _about(items: list[Item]) -> str:
    return items[0].version.title


def _tell(items: list[Item], subject: str, text: str, now: datetime) -> None:
    """Students who can see one of the assignments: one letter each."""
    seen = [
        item for item in items if item.assignment.is_published and item.assignment.has_opened(now)
    ]
    if not seen:
        return
    students = Enrolment.objects.filter(
        course=seen[0].assignment.course_id, role=Role.STUDENT, is_active=True
    )
    path = reverse("web:assignment", args=[seen[0].assignment_id])
    letters.write_to_all(
        users=[one.user for one in students.select_related("user")], subject=subject, text=text,
        path=path, now=now,
    )  # fmt: skip
