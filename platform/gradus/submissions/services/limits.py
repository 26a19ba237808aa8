"""What every entrance refuses: outside the window, or too much at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db.models import QuerySet

from gradus.courses.models import Enrolment, Item
from gradus.courses.selectors import extended_to
from gradus.submissions import policy
from gradus.submissions.errors import (
    MayNotSubmit,
    NotOpen,
    PastDue,
    QueueFull,
    StillBusy,
    TooManyPerMinute,
    TooMuchScratch,
    Withdrawn,
)
from gradus.submissions.models import Job, StudentItem, Submission

_MINUTE = timedelta(minutes=1)
_SENT = (Submission.Mode.SUBMIT, Submission.Mode.RUN)
_SCRATCH = (Submission.Mode.CONSOLE, Submission.Mode.PRACTICE)


def refuse_outside_window(
    enrolment: Enrolment, item: Item, now: datetime, *, counts: bool = False
) -> None:
    """Only what `counts` ends with the deadline.

    Raises: MayNotSubmit, NotOpen, Withdrawn, PastDue.
    """
    if not policy.may_submit(enrolment, item):
        raise MayNotSubmit
    if enrolment.is_staff:
        return  # trying an exercise out before it opens is their work
    assignment = item.assignment
    if not assignment.is_published or not assignment.has_opened(now):
        raise NotOpen
    if item.withdrawn_at is not None:
        raise Withdrawn(item.withdrawn_why)
    if not counts or assignment.due_at is None or now <= assignment.due_at:
        return
    assignment.extended_to = extended_to(enrolment, assignment)
    if assignment.own_due_at and assignment.has_closed(now):
        raise PastDue(assignment.own_due_at)


def refuse_too_much(enrolment: Enrolment, now: datetime) -> None:
    """Submissions and Runs; scratch work is not among them, so it never stands in the way.

    Raises: QueueFull, TooManyPerMinute.
    """
    queued = (
        _open_jobs(enrolment)
        .filter(submission__mode__in=_SENT)
        .exclude(lane=Job.Lane.GPU)  # its wait is not the student's doing
        .count()
    )
    if queued >= settings.MAX_QUEUED:
        raise QueueFull(queued)
    free_at = _free_at(enrolment, now, _SENT, settings.MAX_PER_MINUTE)
    if free_at is not None:
        raise TooManyPerMinute(settings.MAX_PER_MINUTE, seconds_until(free_at, now))


def refuse_too_much_scratch(enrolment: Enrolment, mode: Submission.Mode, now: datetime) -> None:
    """Console calls and practice: one of a kind at a time, and so many in a minute.

    Raises: StillBusy, TooMuchScratch.
    """
    if _open_jobs(enrolment).filter(submission__mode=mode).exists():
        raise StillBusy
    limit = settings.MAX_SCRATCH_PER_MINUTE
    free_at = _free_at(enrolment, now, _SCRATCH, limit)
    if free_at is not None:
        raise TooMuchScratch(limit, seconds_until(free_at, now))


def refuse_too_many_drawings(enrolment: Enrolment, now: datetime) -> None:
    """Fresh numbers for practice. Raises: TooMuchScratch."""
    drawn = StudentItem.objects.filter(
        enrolment__user=enrolment.user_id, practice__gt=0, created_at__gt=now - _MINUTE
    ).order_by("-created_at")
    limit = settings.MAX_SCRATCH_PER_MINUTE
    times = list(drawn.values_list("created_at", flat=True)[:limit])
    if len(times) >= limit:
        raise TooMuchScratch(limit, seconds_until(times[-1] + _MINUTE, now))


def seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, ceil((moment - now).total_seconds()))


def _open_jobs(enrolment: Enrolment) -> QuerySet[Job]:
    return Job.objects.filter(
        fair_key=policy.fair_key(enrolment), state__in=[Job.State.QUEUED, Job.State.RUNNING]
    )


def _free_at(
    enrolment: Enrolment, now: datetime, modes: tuple[Submission.Mode, ...], limit: int
) -> datetime | None:
    """When the next one is possible; None: now."""
    lately = Submission.objects.filter(
        enrolment__user=enrolment.user_id, mode__in=modes, received_at__gt=now - _MINUTE
    ).order_by("-received_at")
    times = list(lately.values_list("received_at", flat=True)[:limit])
    return times[-1] + _MINUTE if len(times) >= limit else None
