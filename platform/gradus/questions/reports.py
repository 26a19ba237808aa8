"""A broken exercise is reported to who can mend it: by mail, with the verdict that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.courses.models import TEACHERS
from gradus.questions.models import Question

MOST_CHECKS = 5
MOST_MESSAGE = 400  # characters of one check's message


def tell_authors(question: Question, verdict: Mapping[str, Any], *, now: datetime) -> None:
    """Write to the teachers of the course, and of the course that owns the exercise.

    The latter may know neither the student nor the submission: they get the report without both.
    """
    item = question.submission.item
    course_id, owner_id = item.assignment.course_id, item.exercise.course_id
    subject = _("Reported as broken: {title}").format(title=item.version.title)
    report = _report(question, verdict)
    here = set(_teachers(course_id))
    student = question.submission.enrolment.user.shown_name
    for user in here:
        path = reverse("web:question", args=[question.pk])
        text = _("{student} reports:\n\n{report}").format(student=student, report=report)
        letters.write(user=user, subject=subject, text=text, path=path, now=now)
    for user in set(_teachers(owner_id)) - here if owner_id and owner_id != course_id else ():
        path = reverse("web:course", args=[owner_id])
        text = _("A student of another course reports:\n\n{report}").format(report=report)
        letters.write(user=user, subject=subject, text=text, path=path, now=now)


def _teachers(course_id: int) -> list[User]:
    mine = {"enrolments__course": course_id, "enrolments__is_active": True}
    return list(User.objects.filter(**mine, enrolments__role__in=TEACHERS).distinct())


def _report(question: Question, verdict: Mapping[str, Any]) -> str:
    """What the student wrote, which version it is, and what went wrong where."""
    version = question.submission.item.version
    engine = verdict.get("environment", {}).get("engine", _("unknown"))
    lines = [
        question.reason,
        "",
        _("Exercise: {exercise}, version {version}, engine {engine}").format(
            exercise=version.exercise.slug, version=version.digest[7:19], engine=engine
        ),
        _("Verdict: {status}, {points} of {most} points").format(
            status=verdict["status"], points=f"{verdict['points']:g}",
            most=f"{verdict['max_points']:g}",
        ),
    ]  # fmt: skip
    if question.check_id:
        lines.append(_("About the check: {check}").format(check=question.check_id))
    if verdict.get("message"):
        lines.append(str(verdict["message"])[:MOST_MESSAGE])
    failed = [check for check in verdict["checks"] if check["status"] in ("failed", "error")]
    for check in failed[:MOST_CHECKS]:
        said = " ".join(str(check.get("message", "")).split())[:MOST_MESSAGE]
        lines.append(f"- {check['id']} {check['status']}: {said}")
    return "\n".join(lines)
