"""Who may write exercises for a course. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment


def may_read(enrolment: Enrolment) -> bool:
    """Owners and instructors: the files hold solutions and hidden checks. Also when archived."""
    return enrolment.is_teacher


def may_author(enrolment: Enrolment) -> bool:
    """Change files, verify, publish, withdraw."""
    return enrolment.is_teacher and not enrolment.course.is_archived
