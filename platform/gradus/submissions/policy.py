"""Who may do what with submissions. Deny by default."""

from __future__ import annotations

from datetime import datetime

from gradus.catalog.models import Version
from gradus.courses.models import Enrolment, Item, Reveal, Role
from gradus.submissions.models import Submission

_SUBMITTING = (Role.STUDENT, Role.OWNER, Role.INSTRUCTOR, Role.ASSISTANT)


def may_submit(enrolment: Enrolment, item: Item) -> bool:
    """Students, and staff who try an exercise out; in a course that still runs."""
    course = item.assignment.course
    return (
        enrolment.is_active
        and enrolment.course_id == course.pk
        and not course.is_archived
        and enrolment.role in _SUBMITTING
    )


def can_be_practised(version: Version) -> bool:
    """By-hand sheets alone: fresh questions of a quiz would give away those that count."""
    return version.has_answers and not version.has_code and version.manifest.get("quiz") is None


def may_practise(enrolment: Enrolment, item: Item, now: datetime) -> bool:
    """Where sheets are marked openly; else practice would tell what the assignment does not."""
    return (
        may_submit(enrolment, item)
        and can_be_practised(item.version)
        and shows_everything(item, now)
    )


def shows_everything(item: Item, now: datetime) -> bool:
    """Whether the assignment reveals verdicts in full now."""
    assignment = item.assignment
    if assignment.is_held:
        return False
    level = assignment.reveal_after_due if assignment.has_closed(now) else assignment.reveal
    return level == Reveal.FULL


def may_read_explanations(viewer: Enrolment, item: Item, now: datetime) -> bool:
    """Of every option of a quiz: when nobody can answer it any more, or as course staff."""
    return viewer.is_staff or (item.assignment.has_closed(now) and shows_everything(item, now))


def may_see(viewer: Enrolment, submission: Submission) -> bool:
    """One's own, or as course staff."""
    if not viewer.is_active or viewer.course_id != submission.item.assignment.course_id:
        return False
    return viewer.is_staff or viewer.pk == submission.enrolment_id


def fair_key(enrolment: Enrolment) -> str:
    """Whose turn it is: one person, whatever the course."""
    return f"user-{enrolment.user_id}"
