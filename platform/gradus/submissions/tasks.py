"""Celery's doors to the jobs: a message says that there is work in a lane, nothing more."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_ready
from celery.worker.control import inspect_command
from django.conf import settings
from django.utils import timezone

from gradus.celery import app
from gradus.lib import queue
from gradus.submissions import client, services
from gradus.submissions.errors import GraderUnreachable
from gradus.submissions.grading import grade
from gradus.submissions.models import Job
from gradus.submissions.services.claim import claimable


@app.task(name=queue.WORK)
def work(lane: str) -> None:
    """Claim the job that is next in this lane and bring it to its end."""
    job = services.claim_next(lane, now=timezone.now())
    if job is None:
        return
    reached = grade(job)
    if reached and Job.objects.filter(claimable(timezone.now()), lane=lane).exists():
        queue.send(queue.WORK, [lane], lane=lane)


@app.task(name="submissions.sweep")
def sweep() -> None:
    services.sweep(now=timezone.now())


@worker_ready.connect
def wake_after_start(**kwargs: Any) -> None:
    """Jobs whose worker died wait for their lease already; not for the next sweep as well."""
    sweep.delay()


@inspect_command(name="grader_state")
def grader_state(state: Any) -> dict[str, Any]:
    """How this worker's grader is, for `/readyz`: only workers may speak to graders."""
    try:
        said = client.hello(settings.GRADER_SOCKET)
    except GraderUnreachable:
        return {"state": "does not answer"}
    cold = sorted({"checker", *said.flavours} - set(said.warm))
    return {"state": f"warming up {', '.join(cold)}" if cold else "ok", "flavours": said.flavours}
