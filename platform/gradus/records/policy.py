"""Who may take records away. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment, Role


def may_take_submissions(enrolment: Enrolment) -> bool:
    """All of an assignment, in one file."""
    return enrolment.is_teacher


def may_take_person(enrolment: Enrolment) -> bool:
    """All that the course knows of one student."""
    return enrolment.is_active and enrolment.role == Role.OWNER
