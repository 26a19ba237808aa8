"""Who may regrade. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment


def may_see_regrades(enrolment: Enrolment) -> bool:
    """Also of an archived course."""
    return enrolment.is_teacher


def may_regrade(enrolment: Enrolment) -> bool:
    """Start, stop, apply and take back, in a course that still runs."""
    return enrolment.is_teacher and not enrolment.course.is_archived
