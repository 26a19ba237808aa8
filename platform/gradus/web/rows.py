"""Rows of submission lists: each submission with its verdict as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gradus.accounts.models import User
from gradus.courses.models import Enrolment
from gradus.submissions.models import Submission
from gradus.submissions.selectors import Phase, Standing, standing
from gradus.web.numbers import part_of
from gradus.web.text import visible
from gradus.web.words import SHAPES, STATUS_WORDS


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    submission: Submission
    person: str
    shape: str
    word: str
    points: str


def submission_rows(
    submissions: Iterable[Submission], reader: User, now: datetime
) -> list[SubmissionRow]:
    """Rows of a person's own submissions, from a queryset `with_standing()`: no query per row."""
    return [
        _row(s, standing(s, s.enrolment, now))
        for s in submissions
        if s.enrolment.user_id == reader.pk
    ]


def staff_rows(
    submissions: Iterable[Submission], viewer: Enrolment, now: datetime
) -> list[SubmissionRow]:
    """Rows of everybody's submissions in the course of `viewer`, who is its staff."""
    return [_row(s, standing(s, viewer, now)) for s in submissions]


def _row(submission: Submission, state: Standing) -> SubmissionRow:
    verdict = state.verdict
    if state.phase is Phase.HELD:
        shape, word, shown = "waiting", _("Received"), ""
    elif verdict is None:
        shape = "running" if state.phase is Phase.RUNNING else "waiting"
        word, shown = str(STATUS_WORDS[shape]), ""
    else:
        shape = SHAPES[verdict["status"]]
        word = str(STATUS_WORDS["invalid" if verdict["status"] == "invalid" else shape])
        own, most = state.points, submission.item.automatic_points
        shown = "" if own is None else part_of(own, most)
        if state.phase in (Phase.WAITING_FOR_GPU, Phase.TIMING_ON_GPU):
            word = _("{result}, speed waits").format(result=word)
    return SubmissionRow(
        submission, visible(submission.enrolment.user.shown_name), shape, word, shown
    )
