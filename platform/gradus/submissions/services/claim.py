"""Hand jobs to workers: one at a time, in fair order, under a lease and a fencing token.

A claim is one conditional UPDATE whose row count decides, so it is the same on SQLite and
PostgreSQL. Whoever holds the token may write; when the lease runs out another worker may take the
job, and the old token is void.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gradus.submissions.models import Job
from gradus.submissions.services.ending import give_up

MAX_PROGRESS_BYTES = 16 << 10
_RECENT = timedelta(minutes=10)
_RECENT_ON_GPU = timedelta(hours=1)
_CANDIDATES = 8  # others claim at the same time; the first whose update succeeds is ours


def claimable(now: datetime) -> Q:
    """Queued and not paused, or running under a lease that ran out."""
    waits = Q(state=Job.State.QUEUED, not_before__lte=now)
    lost = Q(state=Job.State.RUNNING, lease_until__lt=now)
    return (waits | lost) & ~Q(regrade=Job.Regrade.PAUSED)


def claim_next(lane: str, *, now: datetime, regrades: bool = True) -> Job | None:
    """Take the job that is next in fair order; None when there is nothing to do.

    A job that has used all its tries ends as `error` instead. `regrades`: where no student waits,
    the oldest job of a regrade run; they are thousands, and nobody waits for one before another.
    """
    waiting = list(in_fair_order(lane, now)[:_CANDIDATES])
    if regrades and not waiting:
        held = Job.everything.filter(claimable(now), lane=lane, regrade=Job.Regrade.HELD)
        waiting = list(held.order_by("pk")[:_CANDIDATES])
    for job in waiting:
        if job.tries >= settings.MAX_TRIES:
            give_up(
                job,
                why=f"stopped after {job.tries} tries: {job.fault or 'the worker died'}",
                now=now,
            )
            continue
        token = uuid4()
        changed = Job.everything.filter(claimable(now), pk=job.pk, tries=job.tries).update(
            state=Job.State.RUNNING,
            tries=F("tries") + 1,
            token=token,
            lease_until=now + settings.LEASE,
            started_at=now,
            progress=None,
        )
        if changed == 1:
            return Job.everything.select_related(
                "version",
                "submission__item__version",
                "submission__item__assignment",
                "submission__student_item",
                "student_item__item__version",
                "student_item__item__exercise",
                "student_item__enrolment",
            ).get(pk=job.pk)
    return None


def in_fair_order(lane: str, now: datetime) -> QuerySet[Job]:
    """Fewest running, then fewest lately done in this lane for the same student, then oldest.

    Without regrades, which come after everything that a student waits for.
    """
    same = Job.everything.filter(fair_key=OuterRef("fair_key")).order_by().values("fair_key")
    running = same.filter(state=Job.State.RUNNING, lease_until__gte=now)
    lately = _RECENT
    if lane == Job.Lane.GPU:  # scarce and slow: who had it counts, and not who is graded elsewhere
        running, lately = running.filter(lane=lane), _RECENT_ON_GPU
    recent = same.filter(lane=lane, ended_at__gt=now - lately)  # Runs delay no submission
    return (
        Job.everything.filter(claimable(now), lane=lane, regrade=Job.Regrade.NO)
        .annotate(
            running_now=Coalesce(Subquery(running.annotate(n=Count("pk")).values("n")), 0),
            graded_lately=Coalesce(Subquery(recent.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("running_now", "graded_lately", "created_at", "pk")
    )


def extend_lease(job: Job, *, now: datetime) -> bool:
    """Keep the job for another lease; False when it is no longer ours."""
    return _held(job).update(lease_until=now + settings.LEASE) == 1


def report_progress(job: Job, progress: dict[str, Any], *, now: datetime) -> bool:
    """Show how far it is, and keep the lease; False when it is no longer ours.

    What is larger than MAX_PROGRESS_BYTES is left out: progress is news, not a record.
    """
    changes: dict[str, Any] = {"lease_until": now + settings.LEASE}
    if len(json.dumps(progress)) <= MAX_PROGRESS_BYTES:
        changes["progress"] = progress
    return _held(job).update(**changes) == 1


def _held(job: Job) -> QuerySet[Job]:
    return Job.everything.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)
