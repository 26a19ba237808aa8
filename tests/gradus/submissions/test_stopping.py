"""A worker that is told to end gives its jobs back; long gradings leave room for short ones."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from grader import contracts
from grader.contracts import encode_line
from gradus.courses.models import Assignment
from gradus.submissions import grading, tasks
from gradus.submissions.models import Job
from tests.people import Classroom, claimed, hand_in

pytestmark = pytest.mark.django_db
HELLO = contracts.Hello(engine="1", flavours=["numpy"], warm=["numpy"], slots=1)


@pytest.fixture
def endless_grader(tmp_path: Path, settings: Settings) -> Iterator[threading.Event]:
    """A peer that only ever says `alive`; the event is set when the worker has hung up."""
    settings.GRADER_SOCKET = str(tmp_path / "grader.sock")
    left = threading.Event()
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(settings.GRADER_SOCKET)
        listener.listen()

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(encode_line(HELLO))
                peer.recv(65536)
                peer.sendall(encode_line(contracts.Alive()))
                while peer.recv(65536):
                    pass
                left.set()

        threading.Thread(target=serve, daemon=True).start()
        yield left


@pytest.fixture
def told_to_end() -> Iterator[None]:
    tasks.give_jobs_back()
    yield
    grading.stopping.clear()


@pytest.mark.usefixtures("told_to_end")
def test_a_worker_that_is_told_to_end_gives_its_job_back_at_once_and_for_free(
    classroom: Classroom, endless_grader: threading.Event
) -> None:
    job = claimed(hand_in(classroom))
    assert not grading.grade(job)
    job.refresh_from_db()
    assert (job.state, job.tries, job.fault) == (Job.State.QUEUED, 0, "the worker stopped")
    assert endless_grader.wait(5), "the grader would go on"


@pytest.mark.usefixtures("told_to_end")
def test_a_worker_that_is_told_to_end_claims_nothing_more(classroom: Classroom) -> None:
    Assignment.objects.update(due_at=None)
    submission = hand_in(classroom, now=timezone.now())
    tasks.work("cpu")
    assert submission.jobs.get().state == Job.State.QUEUED


def test_a_worker_takes_only_so_many_jobs_of_a_lane_at_once(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    Assignment.objects.update(due_at=None)
    submission = hand_in(classroom, now=timezone.now())
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setitem(tasks._rooms, "cpu", full)
    tasks.work("cpu")
    assert submission.jobs.get().state == Job.State.QUEUED
    full.release()
    tasks.work("cpu")  # no grader listens: it was claimed and given back
    assert submission.jobs.get().fault.startswith("no grader")
