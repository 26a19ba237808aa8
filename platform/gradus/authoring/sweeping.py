"""Every 30 s: jobs that lost their worker, and what is no longer kept. Safe to run at any time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.authoring.services import jobs
from gradus.catalog.models import Exercise, Version
from gradus.lib import blobs, queue

log = structlog.get_logger(__name__)

KEEP_DELETED = timedelta(days=30)
KEEP_PREVIEWS = timedelta(hours=24)
KEEP_JOBS = timedelta(days=30)  # the last verification of a working copy stays
_AT_ONCE = 50


def sweep(*, now: datetime) -> None:
    """Wake what waits; delete old previews, old verifications, and what was deleted long ago."""
    for op, lane in jobs.LANES.items():
        if AuthorJob.objects.filter(jobs.claimable(now), op=op).exists():
            queue.send(jobs.WORK, [op], lane=lane)
    _delete_old_jobs(now)
    _delete_old_copies(now)


def _delete_old_jobs(now: datetime) -> None:
    ended = AuthorJob.objects.exclude(state__in=["queued", "running"])
    old = list(ended.filter(op=AuthorJob.Op.PREPARE, created_at__lt=now - KEEP_PREVIEWS)[:_AT_ONCE])
    for job in ended.filter(op=AuthorJob.Op.VERIFY, created_at__lt=now - KEEP_JOBS)[:_AT_ONCE]:
        later = AuthorJob.objects.filter(copy=job.copy_id, op=job.op, pk__gt=job.pk)
        if later.exists():
            old.append(job)
    digests = {job.digest for job in old}
    AuthorJob.objects.filter(pk__in=[job.pk for job in old]).delete()
    _discard(digests, now)


def _delete_old_copies(now: datetime) -> None:
    """With its exercise where that was never published: then nothing can refer to it."""
    old = WorkingCopy.objects.filter(deleted_at__lt=now - KEEP_DELETED, exercise__newest=None)
    for copy in old[:_AT_ONCE]:
        with transaction.atomic():
            digests = set(copy.jobs.values_list("digest", flat=True))
            Exercise.objects.filter(pk=copy.exercise_id, newest=None).delete()
        _discard(digests, now)
        log.info("exercise deleted for good", copy_id=copy.pk)


def _discard(digests: set[str], now: datetime) -> None:
    """Bundles that nothing refers to any more."""
    used = set(Version.objects.filter(digest__in=digests).values_list("digest", flat=True))
    used |= set(AuthorJob.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - used:
        address = digest.removeprefix("sha256:")
        blobs.discard(blobs.BUNDLES, address, unused_since=now - timedelta(hours=1))
