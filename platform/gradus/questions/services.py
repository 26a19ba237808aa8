"""Ask, withdraw, answer."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.questions.errors import AnsweredAlready, QuestionRefused
from gradus.questions.models import Question
from gradus.questions.reports import tell_authors
from gradus.submissions.models import Submission

log = structlog.get_logger(__name__)

MOST_OPEN = 10  # of one student in one course
LEAST_REASON, MOST_REASON = 10, 2_000  # characters
ANSWERS = (Question.Outcome.CHANGED, Question.Outcome.KEPT, Question.Outcome.FIXED)


@transaction.atomic
def ask(
    *, submission: Submission, kind: str, check_id: str, reason: str, now: datetime
) -> Question:
    """Ask about a graded submission, or one of its checks. Raises: QuestionRefused."""
    reason = reason.strip()
    if kind not in Question.Kind.values:
        raise QuestionRefused(_("Choose what you ask for."))
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise QuestionRefused(
            _("Say what you expected and why, in {least} to {most} characters.").format(
                least=LEAST_REASON, most=f"{MOST_REASON:,}"
            )
        )
    verdict = submission.verdicts.order_by("-pk").first()
    if verdict is None:
        raise QuestionRefused(_("This submission has no verdict yet."))
    if check_id and check_id not in {check["id"] for check in verdict.body["checks"]}:
        raise QuestionRefused(_("This verdict has no such check."))
    mine = Question.objects.filter(
        submission__enrolment_id=submission.enrolment_id, outcome=Question.Outcome.OPEN
    )
    if mine.count() >= MOST_OPEN:
        raise QuestionRefused(
            _("You have {count} open questions. Wait for an answer first.").format(count=MOST_OPEN)
        )
    try:
        with transaction.atomic():
            question = Question.objects.create(
                submission=submission, kind=kind, check_id=check_id, reason=reason, asked_at=now
            )
    except IntegrityError as error:
        raise QuestionRefused(_("You have asked this already; it is still open.")) from error
    if kind == Question.Kind.BROKEN:
        tell_authors(question, verdict.body, now=now)
    log.info("question asked", question_id=question.pk, submission_id=submission.pk, kind=kind)
    return question


@transaction.atomic
def answer(*, question: Question, actor: User, outcome: str, text: str, now: datetime) -> None:
    """Answer once; the student gets a mail. Raises: QuestionRefused, AnsweredAlready."""
    text = text.strip()
    if outcome not in ANSWERS:
        raise QuestionRefused(_("Choose what came of it."))
    if not text:
        raise QuestionRefused(_("Say why: students learn from the answer."))
    if len(text) > MOST_REASON:
        raise QuestionRefused(
            _("The answer may have at most {most} characters.").format(most=f"{MOST_REASON:,}")
        )
    _end(question, actor, outcome, text, now)
    submission = question.submission
    item = submission.item
    record(
        Action.QUESTION_ANSWERED,
        course_id=item.assignment.course_id,
        about=f"{item.version.title}, {submission.enrolment.user.username}",
        person=submission.enrolment.user,
        new={"outcome": outcome, "question": question.pk},
        actor=actor,
    )
    letters.write(
        user=submission.enrolment.user,
        subject=_("Answer about {title}").format(title=item.version.title),
        text=f"{question.get_outcome_display()}.\n\n{text}",
        path=reverse("web:submission", args=[submission.pk]),
        now=now,
    )


def withdraw(*, question: Question, actor: User, now: datetime) -> None:
    """Take a question back. Raises: AnsweredAlready."""
    _end(question, actor, Question.Outcome.WITHDRAWN, "", now)


def _end(question: Question, actor: User, outcome: str, text: str, now: datetime) -> None:
    """Close a question that is open: of two people at once, one is told."""
    still_open = Question.objects.filter(pk=question.pk, outcome=Question.Outcome.OPEN)
    changed = still_open.update(outcome=outcome, answer=text, answered_by=actor, answered_at=now)
    if not changed:
        raise AnsweredAlready
    question.refresh_from_db()
    log.info("question ended", question_id=question.pk, outcome=outcome, user_id=actor.pk)
