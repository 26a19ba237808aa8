"""Lane gpu: which workers are connected, whose turn it is, and how long that may take.

A worker of the lane says every 30 s what its grader offers. That lies in the cache and not in a
table: it is news, and when it is lost the page says for half a minute that nobody is connected.
"""

from __future__ import annotations

import math
import socket
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from gradus.submissions import client
from gradus.submissions.errors import GraderUnreachable
from gradus.submissions.models import Job, Submission
from gradus.submissions.services.claim import in_fair_order

log = structlog.get_logger(__name__)

FLAVOUR = "torch-cuda"
NEWS_SECONDS = 30
_OLD = timedelta(seconds=3 * NEWS_SECONDS)
_KEY = "gpu-workers"
_RUNS = 20  # the last ones: exercises differ, and so do terms


@dataclass(frozen=True, slots=True)
class GpuWait:
    """What is known about a speed job that waits."""

    devices: int  # of all connected workers; 0: nobody is there to take it
    place: int  # 1 = next
    waiting: int  # jobs, this one included
    expected: timedelta | None  # until its verdict; None: nothing to tell it by


def devices_here() -> int:
    """How many GPUs the grader of this host offers now."""
    try:
        said = client.hello(settings.GRADER_SOCKET)
    except GraderUnreachable:
        return 0
    return max(1, said.gpus) if FLAVOUR in said.flavours else 0


def tell_of_this_worker(now: datetime) -> None:
    """Write down what this host offers. Two at once may lose one's news until its next."""
    known = _fresh(now)
    known[f"{socket.gethostname()} {settings.GRADER_SOCKET}"] = (devices_here(), now.isoformat())
    cache.set(_KEY, known, timeout=int(_OLD.total_seconds()))


def connected_devices(now: datetime) -> int:
    """GPUs of the workers that were heard of lately."""
    return sum(devices for devices, _ in _fresh(now).values())


def wait_of(submission: Submission, now: datetime) -> GpuWait | None:
    """What a student may expect; None where no speed job of the submission waits."""
    mine = submission.jobs.filter(lane=Job.Lane.GPU, state=Job.State.QUEUED).first()
    if mine is None:
        return None
    order = expected_order(list(in_fair_order(Job.Lane.GPU, max(now, mine.not_before))))
    place = next((k for k, job in enumerate(order, start=1) if job.pk == mine.pk), len(order) + 1)
    devices = connected_devices(now)
    return GpuWait(
        devices=devices,
        place=place,
        waiting=max(place, len(order)),
        expected=_expected(place + _running(now), devices),
    )


def expected_order(jobs: Sequence[Job]) -> list[Job]:
    """The order in which waiting jobs will be claimed, one after the other, if none is added.

    `jobs` come from `in_fair_order`; each one that a student is given counts for the next.
    """
    earlier: Counter[str] = Counter()
    ranks: dict[int, tuple[int, int]] = {}
    for job in sorted(jobs, key=lambda job: (job.created_at, job.pk)):
        counted = vars(job)  # by the query
        lately = counted["graded_lately"] + earlier[job.fair_key]
        ranks[job.pk] = (counted["running_now"], lately)
        earlier[job.fair_key] += 1
    return sorted(jobs, key=lambda job: (*ranks[job.pk], job.created_at, job.pk))


def keep_telling(stop: threading.Event) -> None:
    """Tell of this worker until it ends; for a thread of a worker of the lane."""
    while not stop.is_set():
        close_old_connections()
        try:
            tell_of_this_worker(timezone.now())
        except DatabaseError as error:
            log.warning("gpu news not told", error=type(error).__name__)
        close_old_connections()
        stop.wait(NEWS_SECONDS)


def _expected(runs: int, devices: int) -> timedelta | None:
    """Until the last of so many runs has ended. One that runs already counts as a whole one."""
    if not devices:
        return None
    times = Job.objects.filter(
        lane=Job.Lane.GPU, state=Job.State.DONE, started_at__isnull=False, ended_at__isnull=False
    ).order_by("-ended_at")
    lately = [
        (ended - started).total_seconds()
        for started, ended in times.values_list("started_at", "ended_at")[:_RUNS]
        if ended is not None and started is not None
    ]
    if not lately:
        return None
    return timedelta(seconds=median(lately) * math.ceil(runs / devices))


def _running(now: datetime) -> int:
    return Job.everything.filter(
        lane=Job.Lane.GPU, state=Job.State.RUNNING, lease_until__gte=now
    ).count()


def _fresh(now: datetime) -> dict[str, tuple[int, str]]:
    known: dict[str, tuple[int, str]] = cache.get(_KEY) or {}
    return {
        host: (devices, at)
        for host, (devices, at) in known.items()
        if now - datetime.fromisoformat(at) < _OLD
    }
