"""Take in a submission or a Run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_bytes

from django.db import transaction
from django.db.models import Max

from gradus.accounts.models import User
from gradus.courses.models import Enrolment, Item
from gradus.lib import queue
from gradus.submissions import parts as parts_rules
from gradus.submissions import policy
from gradus.submissions.errors import (
    CoolingDown,
    KeyReused,
    NoAttemptsLeft,
    NothingToRun,
    NotPrepared,
)
from gradus.submissions.models import Job, StudentItem, Submission
from gradus.submissions.services import limits


def submit(
    *,
    enrolment: Enrolment,
    item: Item,
    parts: Mapping[str, str],
    now: datetime,
    idempotency_key: str = "",
) -> Submission:
    """Store one submission and queue its first job; a known Idempotency-Key returns the stored one.

    Raises:
        PartsRefused, PartsTooLarge: the parts cannot be a submission for this exercise.
        SubmissionRefused: a rule of the assignment (window, attempts, numbers, role).
        TooMuchAtOnce: too many waiting, too many in a minute, or too soon after the last.
    """
    return _receive(enrolment, item, parts, now, Submission.Mode.SUBMIT, idempotency_key)


def run_visible(
    *,
    enrolment: Enrolment,
    item: Item,
    parts: Mapping[str, str],
    now: datetime,
    idempotency_key: str = "",
) -> Submission:
    """Queue the visible checks: no attempt, no grade. Raises: as `submit`, and NothingToRun."""
    return _receive(enrolment, item, parts, now, Submission.Mode.RUN, idempotency_key)


@transaction.atomic
def _receive(
    enrolment: Enrolment,
    item: Item,
    parts: Mapping[str, str],
    now: datetime,
    mode: Submission.Mode,
    idempotency_key: str,
) -> Submission:
    parts_rules.refuse_unusable(parts, item.version)
    sha256 = parts_rules.content_hash(parts)
    # Two clicks at once must not get the same ordinal or both pass a limit: PostgreSQL locks the
    # row; on SQLite the immediate transaction serialises; constraints are the last word on both.
    User.objects.select_for_update(no_key=True).get(pk=enrolment.user_id)
    key = _key_hash(enrolment, idempotency_key)
    if key is not None:
        known: Submission | None = Submission.objects.filter(idempotency=key).first()
        if known is not None:
            if (known.item_id, known.mode, known.sha256) != (item.pk, mode, sha256):
                raise KeyReused
            return known

    limits.refuse_outside_window(enrolment, item, now, counts=mode == Submission.Mode.SUBMIT)
    limits.refuse_too_much(enrolment, now)
    attempt = None
    if mode == Submission.Mode.SUBMIT:
        _refuse_used_up(enrolment, item, now)
        attempt = _next_attempt(enrolment, item)
    elif not item.version.has_code:
        raise NothingToRun
    submission = Submission.objects.create(
        item=item,
        enrolment=enrolment,
        student_item=own_numbers(enrolment, item),
        mode=mode,
        attempt=attempt,
        parts=dict(parts),
        sha256=sha256,
        received_at=now,
        idempotency=key,
    )
    _queue_first_job(submission, now)
    return submission


def _key_hash(enrolment: Enrolment, idempotency_key: str) -> str | None:
    if not idempotency_key:
        return None
    return hashlib.sha256(f"{enrolment.user_id}:{idempotency_key}".encode()).hexdigest()


def _refuse_used_up(enrolment: Enrolment, item: Item, now: datetime) -> None:
    counted = Submission.objects.filter(
        enrolment=enrolment, item=item, mode=Submission.Mode.SUBMIT, given_back=False
    )
    if item.max_attempts is not None and counted.count() >= item.max_attempts:
        raise NoAttemptsLeft(item.max_attempts)
    last = counted.aggregate(last=Max("received_at"))["last"]
    if last is not None and item.cooldown_seconds:
        free_at = last + timedelta(seconds=item.cooldown_seconds)
        if free_at > now:
            raise CoolingDown(limits.seconds_until(free_at, now))


def _next_attempt(enrolment: Enrolment, item: Item) -> int:
    earlier = Submission.objects.filter(enrolment=enrolment, item=item)
    return (earlier.aggregate(most=Max("attempt"))["most"] or 0) + 1


def own_numbers(enrolment: Enrolment, item: Item) -> StudentItem | None:
    """The numbers that count; None where there are none. Raises: NotPrepared."""
    if not item.version.is_personal:
        return None
    found = StudentItem.objects.filter(enrolment=enrolment, item=item, practice=0).first()
    if found is None or not found.is_prepared:
        raise NotPrepared
    return found


def _queue_first_job(submission: Submission, now: datetime) -> None:
    version = submission.item.version
    lane, selection = Job.Lane.CPU, Job.Selection.ALL
    if submission.mode == Submission.Mode.RUN:
        lane, selection = Job.Lane.LIGHT, Job.Selection.VISIBLE
    elif not version.has_code:
        lane = Job.Lane.LIGHT
    elif version.has_gpu_part:
        selection = Job.Selection.CORRECTNESS
    queue_job(submission, lane, selection, now)


def queue_job(
    submission: Submission, lane: Job.Lane, selection: Job.Selection, now: datetime
) -> None:
    """Make the job of a submission that was just stored, and wake its lane after commit."""
    Job.objects.create(
        submission=submission,
        lane=lane,
        selection=selection,
        fair_key=policy.fair_key(submission.enrolment),
        seed=token_bytes(16),
        created_at=now,
        not_before=now,
    )
    queue.wake_lane(lane)  # after commit; the worker picks the job that fair order puts first
