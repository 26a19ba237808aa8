"""Celery's doors to the jobs: a message says that there is work in a lane, nothing more."""

from __future__ import annotations

import threading
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from celery.worker.control import inspect_command
from django.conf import settings
from django.utils import timezone

from gradus.celery import app
from gradus.lib import queue
from gradus.submissions import client, gpu_lane, grading, services
from gradus.submissions.errors import GraderUnreachable
from gradus.submissions.models import Job
from gradus.submissions.services.claim import claimable


@app.task(name=queue.WORK)
def work(lane: str) -> None:
    """Claim the job that is next in this lane and bring it to its end."""
    if grading.stopping.is_set() or not _room(lane).acquire(blocking=False):
        return  # the sweep, or the job that leaves room, sends the next message
    try:
        if lane == Job.Lane.GPU and not gpu_lane.devices_here():
            return  # a claim would use up a try; the job waits, and the sweep asks again
        reached = _grade_next(lane)
    finally:
        _room(lane).release()  # before the look below: who was refused meanwhile is seen there
    if reached and Job.everything.filter(claimable(timezone.now()), lane=lane).exists():
        queue.send(queue.WORK, [lane], lane=lane)


def _grade_next(lane: str) -> bool:
    """Whether there was a job, and a grader for it."""
    room = _room_for_regrades()
    regrades = room.acquire(blocking=False)
    try:
        job = services.claim_next(lane, now=timezone.now(), regrades=regrades)
        if regrades and (job is None or not job.is_regrade):
            room.release()
            regrades = False
        return job is not None and grading.grade(job)
    finally:
        if regrades:
            room.release()


def _room(lane: str) -> threading.BoundedSemaphore:
    """Long gradings leave threads of this worker to Runs, answers by hand, quizzes and sweeps."""
    return _rooms.setdefault(lane, threading.BoundedSemaphore(settings.JOBS_AT_ONCE))


def _room_for_regrades() -> threading.BoundedSemaphore:
    """A run of thousands leaves the rest of this worker to students."""
    room = threading.BoundedSemaphore(settings.REGRADES_AT_ONCE)
    return _rooms.setdefault("regrades", room)


_rooms: dict[str, threading.BoundedSemaphore] = {}  # by lane


@app.task(name="submissions.sweep")
def sweep() -> None:
    services.sweep(now=timezone.now())


@worker_ready.connect
def wake_after_start(**kwargs: Any) -> None:
    """Jobs that wait have waited for a worker; not for the next sweep as well."""
    now = timezone.now()
    services.wake(now=now, waiting_since=now)
    sweep.apply_async(countdown=settings.LEASE.total_seconds() + 1)  # a killed one's jobs are free


@worker_ready.connect
def tell_of_gpus(sender: Any, **kwargs: Any) -> None:
    """A worker of lane gpu says from now on what it offers."""
    if Job.Lane.GPU in sender.app.amqp.queues.consume_from:
        threading.Thread(
            target=gpu_lane.keep_telling, args=(grading.stopping,), name="gpu news", daemon=True
        ).start()


@worker_shutting_down.connect
def give_jobs_back(**kwargs: Any) -> None:
    """Another worker takes them at once, instead of waiting for the lease to run out."""
    grading.stopping.set()


@inspect_command(name="grader_state")
def grader_state(state: Any) -> dict[str, Any]:
    """How this worker's grader is, for `/readyz`: only workers may speak to graders."""
    try:
        said = client.hello(settings.GRADER_SOCKET)
    except GraderUnreachable:
        return {"state": "does not answer"}
    cold = sorted({"checker", *said.flavours} - set(said.warm))
    return {"state": f"warming up {', '.join(cold)}" if cold else "ok", "flavours": said.flavours}
