"""Who may do what with courses. Deny by default."""

from __future__ import annotations

from gradus.accounts.models import User
from gradus.courses.models import Enrolment, Role


def may_create_course(user: User) -> bool:
    return user.is_active and user.may_teach


def may_change_course(enrolment: Enrolment) -> bool:
    """Make and change assignments, enrol people."""
    return enrolment.is_teacher and not enrolment.course.is_archived


def may_copy_course(enrolment: Enrolment) -> bool:
    """Also of an archived one."""
    return enrolment.is_teacher and may_create_course(enrolment.user)


def may_see_everyone(enrolment: Enrolment) -> bool:
    """Read all submissions of the course."""
    return enrolment.is_staff


def may_see_roster(enrolment: Enrolment) -> bool:
    """Names, addresses and sections of everybody."""
    return enrolment.is_staff


def may_change_roster(enrolment: Enrolment) -> bool:
    return may_change_course(enrolment)


def may_change_staff(enrolment: Enrolment) -> bool:
    """Give, change and end roles of staff and observers."""
    return _is_owner(enrolment) and not enrolment.course.is_archived


def may_archive(enrolment: Enrolment) -> bool:
    """Make the course read only, and open it again."""
    return _is_owner(enrolment)


def may_read_record(enrolment: Enrolment) -> bool:
    """Who changed what in the course, and who took what away."""
    return _is_owner(enrolment)


def _is_owner(enrolment: Enrolment) -> bool:
    return enrolment.is_active and enrolment.role == Role.OWNER
