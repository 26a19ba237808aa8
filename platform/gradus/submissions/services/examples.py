"""Examples for a student's own computer: what the visible checks ask and expect, recorded once.

They belong to a version and the numbers that its checks use, so students with the same numbers, or
with none, share them. What is recorded is a file; nothing of it is in the database.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_bytes
from typing import Any

import structlog
from django.db import transaction

from grader.contracts import Examples
from gradus.accounts.models import User
from gradus.lib import blobs, queue
from gradus.submissions import policy
from gradus.submissions.errors import StaleToken
from gradus.submissions.models import Job, StudentItem

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(hours=1)  # once it could not be done


class Recording(StrEnum):
    """Where the examples of an item are."""

    DONE = "done"
    WAITING = "waiting"
    NONE = "none"  # they cannot be recorded


def open_examples(
    student_item: StudentItem, *, now: datetime
) -> tuple[Recording, list[dict[str, Any]]]:
    """The recorded checks of a student's item; where there are none yet, they are asked for."""
    if not student_item.is_prepared or not student_item.item.version.has_code:
        return Recording.NONE if student_item.is_prepared else Recording.WAITING, []
    stored = blobs.get(blobs.EXAMPLES, _address(student_item))
    if stored is not None:
        checks: list[dict[str, Any]] = json.loads(stored)
        return Recording.DONE, checks
    return _asked_for(student_item, now), []


def store_examples(job: Job, line: Examples, *, now: datetime) -> None:
    """Keep what was recorded; the first recording stays. Raises: StaleToken."""
    if job.student_item is None:
        raise ValueError(f"job {job.pk} records nothing")
    data = json.dumps(line.checks, ensure_ascii=False, allow_nan=False).encode()
    blobs.put(blobs.EXAMPLES, _address(job.student_item), data)
    changed = Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING).update(
        state=Job.State.DONE, token=None, lease_until=None, progress=None, ended_at=now, fault=""
    )
    if changed != 1:
        raise StaleToken(f"job {job.pk}")
    log.info("examples recorded", job_id=job.pk, size_bytes=len(data))


def _address(student_item: StudentItem) -> str:
    numbers = json.dumps(student_item.numbers, sort_keys=True)
    return hashlib.sha256(f"{student_item.item.version.digest}\n{numbers}".encode()).hexdigest()


@transaction.atomic
def _asked_for(student_item: StudentItem, now: datetime) -> Recording:
    User.objects.select_for_update(no_key=True).get(pk=student_item.enrolment.user_id)
    jobs = student_item.jobs.all()
    if jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
        return Recording.WAITING
    failed = jobs.filter(
        selection=Job.Selection.VISIBLE, state=Job.State.ERROR, ended_at__gt=now - AGAIN_AFTER,
        created_at__gte=student_item.item.version.created_at,
    )  # fmt: skip
    if failed.exists():
        return Recording.NONE
    Job.objects.create(
        student_item=student_item,
        lane=Job.Lane.LIGHT,
        selection=Job.Selection.VISIBLE,
        fair_key=policy.fair_key(student_item.enrolment),
        seed=token_bytes(16),
        created_at=now,
        not_before=now,
    )
    queue.wake_lane(Job.Lane.LIGHT)
    return Recording.WAITING
