"""Every 30 s: what fell through the cracks. Safe to run at any time, by any number of workers."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from kombu.exceptions import OperationalError

from gradus.lib import blobs, queue
from gradus.submissions.models import Artifact, Job, StudentItem, Submission
from gradus.submissions.services.claim import claimable

log = structlog.get_logger(__name__)

_WAKE_UPS = 8  # at once and lane; each job that ends wakes the next
_RUNS_AT_ONCE = 200
_NOT_KEPT = (Submission.Mode.RUN, Submission.Mode.CONSOLE, Submission.Mode.PRACTICE)
_FRESH = timedelta(hours=1)  # between a figure's file and the row that refers to it


def sweep(*, now: datetime) -> None:
    """Wake lanes whose jobs wait too long or lost their worker; delete what is not kept."""
    wake(now=now, waiting_since=now - settings.WAKE_AFTER)
    _delete_old_runs(now)
    _delete_old_practice(now)


def wake(*, now: datetime, waiting_since: datetime) -> None:
    """Wake the lanes of jobs whose lease ran out, and of those that wait since then."""
    long_waiting = Q(state=Job.State.RUNNING) | Q(not_before__lte=waiting_since)
    lanes = (
        Job.everything.filter(claimable(now)).filter(long_waiting)
        .values("lane").annotate(count=Count("pk")).order_by("lane")
    )  # fmt: skip
    for row in lanes:
        lane, count = row["lane"], row["count"]
        try:
            # A lane without workers (no GPU) must not gather messages for ever.
            missing = min(count, _WAKE_UPS) - queue.waiting(lane)
        except (OperationalError, OSError) as error:
            log.warning("broker does not answer", error=type(error).__name__)
            return
        for _ in range(max(0, missing)):
            queue.send(queue.WORK, [lane], lane=lane)
        if missing > 0:
            log.info("lane woken", lane=lane, jobs=count)


def _delete_old_practice(now: datetime) -> None:
    """Sheets that nobody answers any more; the newest one stays, because it holds the ordinal."""
    newer = StudentItem.objects.filter(
        enrolment=OuterRef("enrolment"), item=OuterRef("item"), practice__gt=OuterRef("practice")
    )
    old = StudentItem.objects.filter(
        Exists(newer), practice__gt=0, submissions__isnull=True,
        created_at__lt=now - settings.KEEP_RUNS,
    )  # fmt: skip
    ids = list(old.values_list("pk", flat=True)[:_RUNS_AT_ONCE])
    StudentItem.objects.filter(pk__in=ids, submissions__isnull=True).delete()


def _delete_old_runs(now: datetime) -> None:
    old = Submission.objects.filter(
        mode__in=_NOT_KEPT, received_at__lt=now - settings.KEEP_RUNS
    ).exclude(jobs__state=Job.State.RUNNING)
    ids = list(old.values_list("pk", flat=True)[:_RUNS_AT_ONCE])
    if not ids:
        return
    figures = Artifact.objects.filter(job__submission__in=ids)
    hashes = set(figures.values_list("sha256", flat=True))
    Submission.objects.filter(pk__in=ids).delete()
    hashes -= set(Artifact.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in hashes:  # an equal figure of a job that ends just now has a fresh file
        blobs.discard(blobs.FIGURES, sha256, unused_since=now - _FRESH)
    log.info("runs deleted", count=len(ids), figures=len(hashes))
