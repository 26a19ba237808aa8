"""Refusals a student can meet when handing in, and what can go wrong between worker and grader.

Refused
├── SubmissionRefused         a rule of the assignment
│   ├── NotOpen, Withdrawn, PastDue, NoAttemptsLeft, NotPrepared, NothingToRun, NothingToPractise,
│   │   KeyReused
├── PartsRefused              what was sent cannot be a submission
│   └── PartsTooLarge
└── TooMuchAtOnce             later is fine; retry_after_seconds says when
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from gradus.lib.refusal import Refused


class SubmissionRefused(Refused):
    message = gettext_noop("This submission cannot be accepted.")


class NotOpen(SubmissionRefused):
    message = gettext_noop("This assignment has not opened yet.")


class Withdrawn(SubmissionRefused):
    def __init__(self, why: str) -> None:
        super().__init__(f"{_('This exercise is withdrawn and counts for nobody.')} {why}")


class PastDue(SubmissionRefused):
    def __init__(self, due_at: datetime) -> None:
        when = date_format(timezone.localtime(due_at), pgettext("date format", "l, d F Y, H:i T"))
        super().__init__(_("This assignment was due on {when}.").format(when=when))


class NoAttemptsLeft(SubmissionRefused):
    def __init__(self, max_attempts: int) -> None:
        said = ngettext(
            "All %d attempts for this exercise are used.",
            "All %d attempts for this exercise are used.",
            max_attempts,
        )
        super().__init__(said % max_attempts)


class NotPrepared(SubmissionRefused):
    message = gettext_noop(
        "Your numbers for this exercise have not been drawn yet."
        " Open the exercise, then submit again."
    )


class NothingToRun(SubmissionRefused):
    message = gettext_noop("This exercise has no code to run; submit your answers.")


class NothingToPractise(SubmissionRefused):
    message = gettext_noop("This exercise has no fresh numbers to practise with.")


class MayNotSubmit(SubmissionRefused):
    message = gettext_noop("Your role in this course does not submit.")


class KeyReused(SubmissionRefused):
    message = gettext_noop(
        "This Idempotency-Key was used for another submission; choose a new key."
    )


class PartsRefused(Refused):
    message = gettext_noop("This is no submission for this exercise.")


class PartsTooLarge(PartsRefused):
    pass


class TooMuchAtOnce(Refused):
    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = max(1, retry_after_seconds)


class CoolingDown(TooMuchAtOnce):
    def __init__(self, seconds: int) -> None:
        super().__init__(
            _(
                "The next submission for this exercise is possible in {seconds} s."
                " Running the visible checks is possible now."
            ).format(seconds=seconds),
            seconds,
        )


class QueueFull(TooMuchAtOnce):
    def __init__(self, queued: int) -> None:
        said = ngettext(
            "%d of your submissions are still being graded. Wait until one has its verdict.",
            "%d of your submissions are still being graded. Wait until one has its verdict.",
            queued,
        )
        super().__init__(said % queued, 5)


class StillBusy(TooMuchAtOnce):
    def __init__(self) -> None:
        super().__init__(_("Your last one is still running. Wait until it has answered."), 1)


class TooMuchScratch(TooMuchAtOnce):
    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(
            _(
                "At most {limit} console calls and practice sheets a minute are possible."
                " Again in {seconds} s. Run and Submit are possible now."
            ).format(limit=limit, seconds=seconds),
            seconds,
        )


class TooManySaves(TooMuchAtOnce):
    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(
            _("A draft is saved at most {limit} times a minute. Again in {seconds} s.").format(
                limit=limit, seconds=seconds
            ),
            seconds,
        )


class TooManyPerMinute(TooMuchAtOnce):
    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(
            _(
                "At most {limit} submissions and runs a minute are possible. Again in {seconds} s."
            ).format(limit=limit, seconds=seconds),
            seconds,
        )


class StaleToken(Exception):
    """The lease went to another worker; what this one has to say no longer counts."""


class GraderUnreachable(Exception):
    """No grader answers on the socket; nothing was tried."""


class GraderLost(Exception):
    """The grader went away, or spoke nonsense, in the middle of a job."""
