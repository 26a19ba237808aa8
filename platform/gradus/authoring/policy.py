"""Who may write exercises for a course. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment
from gradus.courses.policy import may_change_course


def may_read(enrolment: Enrolment) -> bool:
    """Owners and instructors: the files hold solutions and hidden checks. Also when archived."""
    return enrolment.is_teacher


def may_author(enrolment: Enrolment) -> bool:
    """Change files, verify, publish, withdraw."""
    return may_change_course(enrolment)
