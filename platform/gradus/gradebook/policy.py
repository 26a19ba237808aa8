"""Who may do what with marks. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment, Role


def may_see_gradebook(enrolment: Enrolment) -> bool:
    """All marks of the course, with how each came about."""
    return enrolment.is_staff


def may_export(enrolment: Enrolment) -> bool:
    """Take all marks away in a file."""
    return enrolment.is_teacher


def may_set_rubric(enrolment: Enrolment) -> bool:
    """Say what people mark of an item, and when students are told."""
    return enrolment.is_teacher and not enrolment.course.is_archived


def may_mark(enrolment: Enrolment) -> bool:
    """Mark by a rubric; reviewers only read."""
    markers = (Role.OWNER, Role.INSTRUCTOR, Role.ASSISTANT)
    return enrolment.is_active and enrolment.role in markers and not enrolment.course.is_archived


def may_override(enrolment: Enrolment, student: Enrolment) -> bool:
    """Change a mark by hand, in a course that still runs."""
    return (
        enrolment.is_teacher
        and not enrolment.course.is_archived
        and student.course_id == enrolment.course_id
        and student.role == Role.STUDENT
    )
