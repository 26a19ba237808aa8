"""Who may ask and who may answer. Deny by default."""

from __future__ import annotations

from gradus.courses.models import Enrolment
from gradus.questions.models import Question
from gradus.submissions.models import Submission


def may_ask(viewer: Enrolment, submission: Submission) -> bool:
    """About one's own submission that counts, in a course that still runs."""
    return (
        viewer.pk == submission.enrolment_id
        and not viewer.is_staff
        and submission.mode == Submission.Mode.SUBMIT
        and not viewer.course.is_archived
    )


def may_answer(viewer: Enrolment) -> bool:
    """Staff; the course may be archived, for a question must not stay without an answer."""
    return viewer.is_staff


def may_withdraw(viewer: Enrolment, question: Question) -> bool:
    return viewer.pk == question.submission.enrolment_id and question.is_open
