"""Tell people by mail that they are in a course, and how they get in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradus.accounts import letters
from gradus.accounts.models import Letter, User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.errors import CourseArchived, CourseRefused
from gradus.courses.models import Course, Enrolment, Role

BETWEEN = timedelta(minutes=10)  # two invitations of one person that somebody asks for


@transaction.atomic
def invite(*, course: Course, people: Iterable[User], now: datetime) -> int:
    """Write to each who is in the course: as what, and how to get in. Returns how many letters.

    Who has no password is led to the page that sets one. One insert for each role, and for those
    without a password another.
    """
    rows = Enrolment.objects.filter(course=course, is_active=True, user__in=list(people))
    reached = [row for row in rows.select_related("user").order_by("pk") if row.user.gets_mail]
    alike: dict[tuple[str, bool], list[User]] = defaultdict(list)
    for row in reached:
        alike[row.role, row.user.has_usable_password()].append(row.user)
    for (role, has_password), users in alike.items():
        letters.write_to_all(
            users=users,
            subject=_("You are in the course “{course}”").format(course=course.title),
            text=_text(course, role, has_password),
            path=reverse("web:course", args=[course.pk]) if has_password else _password_page,
            now=now,
        )
    if reached:
        Enrolment.objects.filter(pk__in=[row.pk for row in reached]).update(invited_at=now)
        _record(course, [row.user for row in reached])
    return len(reached)


@transaction.atomic
def invite_again(*, enrolment: Enrolment, now: datetime) -> None:
    """Write once more to somebody who has never logged in.

    Raises: CourseRefused: an archived course, who left it, has logged in or gets no mail, or was
    invited, to any course, in the last ten minutes.
    """
    if enrolment.course.is_archived:
        raise CourseArchived
    user = User.objects.select_for_update().get(pk=enrolment.user_id)
    if not enrolment.is_active:
        raise CourseRefused(_("Who is not in the course is not invited."))
    if user.last_login is not None:
        raise CourseRefused(_("{person} has logged in already.").format(person=user.shown_name))
    if not user.gets_mail:
        told = _("{person} has no address here, or wants no mails.")
        raise CourseRefused(told.format(person=user.shown_name))
    if Enrolment.objects.filter(user=user, invited_at__gt=now - BETWEEN).exists():
        told = _(
            "{person} was invited less than {minutes} minutes ago. The mail may be on its way;"
            " wait before you send another."
        )
        minutes = BETWEEN // timedelta(minutes=1)
        raise CourseRefused(told.format(person=user.shown_name, minutes=minutes))
    invite(course=enrolment.course, people=[user], now=now)


def _text(course: Course, role: str, has_password: bool) -> str:
    lines = [_("You are in the course “{course}” now.").format(course=course.title)]
    if role != Role.STUDENT:
        lines.append(_("Your role there: {role}.").format(role=Role(role).label))
    if has_password:
        lines.append(_("Log in and open it on this page:"))
    else:
        lines.append(
            _(
                "Your account has no password yet. Ask on the page below for a mail with which you"
                " set one; after that you log in with the address that this mail came to."
            )
        )
    return "\n\n".join(lines)


def _password_page(user: User) -> str:
    """The page that mails a way to set a password, with the address filled in if it fits."""
    page = reverse("account_reset_password")
    filled = f"{page}?{urlencode({'email': user.email}, safe='@')}"
    return filled if len(filled) <= (Letter._meta.get_field("path").max_length or 0) else page


def _record(course: Course, users: list[User]) -> None:
    record(
        Action.PEOPLE_INVITED,
        course_id=course.pk,
        about=course.title,
        person=users[0] if len(users) == 1 else None,
        new={"count": len(users), "people": [user.username for user in users]},
    )
