"""Who runs a course: roles given, changed and ended; its name; whether it is archived.

A course never loses its last owner, and who left keeps the enrolment, with everything done in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gradus.accounts.models import User
from gradus.accounts.services import unclaimed_account
from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Course, Enrolment, Role
from gradus.courses.roster.file import MOST_USERNAME, cell_by_hand, split_name
from gradus.courses.services.inviting import invite
from gradus.courses.services.people import enrol, open_course

log = structlog.get_logger(__name__)

GIVEN = tuple(role for role in Role if role is not Role.STUDENT)  # students come by the roster


@dataclass(frozen=True, slots=True)
class Added:
    """Who has a role now, whether with a new account, and whether a mail tells them."""

    enrolment: Enrolment
    is_new: bool
    is_invited: bool


@transaction.atomic
def add_staff(
    *, course: Course, person: str, role: str, name: str = "", invite_at: datetime | None = None
) -> Added:
    """Give a role to somebody, found by username or address; with `invite_at`, tell them by mail.

    An address without an account makes one, which nobody can log in to until its owner sets a
    password by mail. Raises: CourseRefused.
    """
    course = open_course(course)
    user, is_new = _account(person.strip(), name)
    before = Enrolment.objects.filter(course=course, user=user).first()
    if before is not None and before.is_active:
        raise CourseRefused(_there_already(before).format(person=user.shown_name))
    given = enrol(course=course, user=user, role=_known(role))
    invited = invite(course=course, people=[user], now=invite_at) if invite_at else 0
    log.info("role given", course_id=course.pk, user_id=user.pk, role=role)
    return Added(given, is_new, bool(invited))


@transaction.atomic
def change_role(*, enrolment: Enrolment, role: str) -> None:
    """Raises: CourseRefused: a student, the last owner, or an archived course."""
    course = open_course(enrolment.course)
    held = _held(enrolment)
    if held.role == role:
        return
    _refuse_the_last_owner(held)
    enrol(course=course, user=held.user, role=_known(role), section=held.section)
    log.info("role changed", course_id=course.pk, user_id=held.user_id, role=role)


@transaction.atomic
def end_role(*, enrolment: Enrolment) -> None:
    """Shut somebody of the staff out. Raises: CourseRefused, as `change_role`."""
    course = open_course(enrolment.course)
    held = _held(enrolment)
    _refuse_the_last_owner(held)
    old = columns(held, ("role", "is_active"))
    held.is_active = False
    held.save(update_fields=["is_active"])
    new = columns(held, ("role", "is_active"))
    about, user = held.user.username, held.user
    record(Action.ROLE_ENDED, course_id=course.pk, about=about, person=user, old=old, new=new)
    log.info("role ended", course_id=course.pk, user_id=held.user_id)


@transaction.atomic
def name_course(*, course: Course, title: str, term: str) -> None:
    """Raises: CourseRefused, without a title or when the course is archived."""
    held = open_course(course)
    old = columns(held, ("title", "term"))
    held.title, held.term = title.strip(), term.strip()
    if not held.title:
        raise CourseRefused(_("A course needs a title."))
    held.save(update_fields=["title", "term"])
    new = columns(held, ("title", "term"))
    record(Action.COURSE_NAMED, course_id=held.pk, about=held.title, old=old, new=new)


@transaction.atomic
def set_archived(*, course: Course, archived: bool) -> None:
    """Make a course read only for everybody, or open it again."""
    held = Course.objects.select_for_update().get(pk=course.pk)
    if held.is_archived == archived:
        return
    held.is_archived = archived
    held.save(update_fields=["is_archived"])
    action = Action.COURSE_ARCHIVED if archived else Action.COURSE_REOPENED
    record(action, course_id=held.pk, about=held.title)
    log.info("course archived" if archived else "course opened again", course_id=held.pk)


def _held(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "section")
    held = rows.get(pk=enrolment.pk)
    if held.role == Role.STUDENT or not held.is_active:
        raise CourseRefused(_("This person has no role among the staff."))
    return held


def _known(role: str) -> str:
    if role not in GIVEN:
        raise CourseRefused(_("Choose one of the roles."))
    return role


def _there_already(before: Enrolment) -> str:
    if before.role == Role.STUDENT:  # the marks would leave the gradebook with the role
        return _("{person} is a student of this course. Remove the student first.")
    return _("{person} has a role here already. Change it beside the name.")


def _refuse_the_last_owner(held: Enrolment) -> None:
    """The course is locked by then: of two owners who leave at once, one is the last."""
    owners = Enrolment.objects.filter(course=held.course_id, role=Role.OWNER, is_active=True)
    if held.role == Role.OWNER and not owners.exclude(pk=held.pk).exists():
        raise CourseRefused(_("A course needs an owner. Make somebody else one first."))


def _account(person: str, name: str) -> tuple[User, bool]:
    known = Q(username__iexact=person) | Q(email__iexact=person)
    found = list(User.objects.filter(known)[:2])
    if len(found) > 1:
        raise CourseRefused(_("Several accounts have this address. Give the username."))
    if found:
        if not found[0].is_active:
            raise CourseRefused(_("This account is closed. Ask who runs the site."))
        return found[0], False
    if "@" not in person:
        told = _("Nobody here is called {person}. A new account needs an email address.")
        raise CourseRefused(told.format(person=person[:80]))
    first, last = split_name(cell_by_hand("name", name))
    email = cell_by_hand("email", person)
    if len(email) > MOST_USERNAME:
        raise CourseRefused(_("The address is too long for a username."))
    user = unclaimed_account(email=email, first_name=first, last_name=last)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        told = _("{person} got an account this moment. Try again.")
        raise CourseRefused(told.format(person=person[:80])) from error
    return user, True
