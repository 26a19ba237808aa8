"""Questions as pages need them."""

from __future__ import annotations

from django.db.models import QuerySet

from gradus.accounts.models import User
from gradus.courses.models import Course
from gradus.questions.models import Question
from gradus.submissions.models import Submission

_WITH = (
    "submission__enrolment__user",
    "submission__item__version",
    "submission__item__exercise",
    "submission__item__assignment__course",
    "answered_by",
)


def of_submission(submission: Submission) -> QuerySet[Question]:
    """All questions about a submission, the oldest first."""
    return submission.questions.select_related("answered_by").order_by("pk")


def of_course(course: Course, *, is_open: bool) -> QuerySet[Question]:
    """The queue, the oldest first; or what has been answered, the newest first."""
    rows = Question.objects.filter(submission__item__assignment__course=course)
    rows = rows.select_related(*_WITH)
    if is_open:
        return rows.filter(outcome=Question.Outcome.OPEN).order_by("asked_at", "pk")
    return rows.exclude(outcome=Question.Outcome.OPEN).order_by("-answered_at", "-pk")


def of_person(user: User) -> QuerySet[Question]:
    """One's own over all courses, the newest first."""
    rows = Question.objects.filter(submission__enrolment__user=user)
    return rows.select_related(*_WITH).order_by("-pk")


def one(question_id: int) -> Question | None:
    return Question.objects.select_related(*_WITH).filter(pk=question_id).first()
