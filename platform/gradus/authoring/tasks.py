"""Celery's doors to the jobs of authors, and what is swept."""

from __future__ import annotations

import threading

from django.utils import timezone

from gradus.authoring import engine, sweeping
from gradus.authoring.models import AuthorJob
from gradus.authoring.services import jobs
from gradus.celery import app
from gradus.lib import queue
from gradus.submissions import grading

_ROOM = {  # at once in one worker: students' jobs keep most of its threads
    AuthorJob.Op.VERIFY.value: threading.BoundedSemaphore(2),
    AuthorJob.Op.PREPARE.value: threading.BoundedSemaphore(2),
}


@app.task(name=jobs.WORK)
def work(op: str) -> None:
    """Claim the oldest job of this kind and bring it to its end."""
    if grading.stopping.is_set() or not _ROOM[op].acquire(blocking=False):
        return  # the job that leaves room, or the sweep, sends the next message
    try:
        job = jobs.claim_next(op, now=timezone.now())
        reached = job is not None and engine.carry_out(job)
    finally:
        _ROOM[op].release()
    waiting = AuthorJob.objects.filter(jobs.claimable(timezone.now()), op=op)
    if reached and waiting.exists():
        queue.send(jobs.WORK, [op], lane=jobs.LANES[op])


@app.task(name="authoring.sweep")
def sweep() -> None:
    sweeping.sweep(now=timezone.now())
