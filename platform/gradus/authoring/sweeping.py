"""Every 30 s: jobs that lost their worker, and what is no longer kept. Safe to run at any time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

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
    same = AuthorJob.objects.filter(copy=OuterRef("copy"), op=OuterRef("op"))
    later = same.filter(pk__gt=OuterRef("pk"))
    preview = Q(op=AuthorJob.Op.PREPARE, created_at__lt=now - KEEP_PREVIEWS)
    replaced = Q(Exists(later), op=AuthorJob.Op.VERIFY, created_at__lt=now - KEEP_JOBS)
    old = dict(ended.filter(preview | replaced).values_list("pk", "digest")[:_AT_ONCE])
    AuthorJob.objects.filter(pk__in=old).delete()
    _discard(set(old.values()), now)


def _delete_old_copies(now: datetime) -> None:
    """With its exercise where that was never published: then nothing can refer to it."""
    old = WorkingCopy.objects.filter(deleted_at__lt=now - KEEP_DELETED, exercise__newest=None)
    for pk in old.values_list("pk", flat=True)[:_AT_ONCE]:
        with transaction.atomic():
            copy = old.select_for_update(of=("self",)).filter(pk=pk).first()
            if copy is None:
                continue  # somebody has just brought it back
            digests = set(copy.jobs.values_list("digest", flat=True))
            Exercise.objects.filter(pk=copy.exercise_id, newest=None).delete()
        _discard(digests, now)
        log.info("exercise deleted for good", copy_id=pk)


def _discard(digests: set[str], now: datetime) -> None:
    """Bundles that nothing refers to any more."""
    used = set(Version.objects.filter(digest__in=digests).values_list("digest", flat=True))
    used |= set(AuthorJob.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - used:
        address = digest.removeprefix("sha256:")
        blobs.discard(blobs.BUNDLES, address, unused_since=now - timedelta(hours=1))
