"""A fault in an exercise ends at once: no second try, no attempt used, staff can read why."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django import Settings

from grader import contracts
from grader.contracts import encode_line
from grader.verdict import Status, to_dict
from gradus.submissions import services
from gradus.submissions.grading import grade
from gradus.submissions.models import Job, StudentItem, Verdict
from gradus.submissions.selectors import faulty_jobs
from tests.people import NOON, Classroom, claimed, hand_in, verdict_data

pytestmark = pytest.mark.django_db
HELLO = contracts.Hello(engine="1", flavours=["numpy"], warm=["numpy"], slots=1)
Answering = Callable[[bytes], None]


@pytest.fixture
def answering(tmp_path: Path, settings: Settings) -> Iterator[Answering]:
    """A peer on the grader's socket that says one line to whatever it is asked."""
    settings.GRADER_SOCKET = str(tmp_path / "grader.sock")
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(settings.GRADER_SOCKET)
        listener.listen()

        def say(line: bytes) -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(encode_line(HELLO))
                peer.recv(65536)
                peer.sendall(line)
                peer.recv(1)

        yield lambda line: threading.Thread(target=say, args=(line,), daemon=True).start()


def test_an_exception_in_checks_is_not_tried_again(
    classroom: Classroom, answering: Answering
) -> None:
    submission = hand_in(classroom)
    error = verdict_data(submission, status=Status.ERROR)
    answering(encode_line(contracts.VerdictLine(verdict=to_dict(error), final=True)))
    grade(claimed(submission))
    verdict = Verdict.objects.get()
    assert verdict.status == Verdict.Status.ERROR
    submission.refresh_from_db()
    assert submission.given_back
    (job,) = faulty_jobs(classroom.course)
    assert (job.tries, job.fault) == (1, "trace of the fault")


def test_a_fault_of_the_host_is_tried_again(classroom: Classroom, answering: Answering) -> None:
    submission = hand_in(classroom)
    error = verdict_data(submission, status=Status.ERROR)
    answering(encode_line(contracts.VerdictLine(verdict=to_dict(error))))
    grade(claimed(submission))
    assert submission.jobs.get().state == Job.State.QUEUED
    assert not Verdict.objects.exists()


def test_numbers_that_an_exercise_cannot_draw_are_not_tried_again(
    classroom: Classroom, answering: Answering
) -> None:
    services.open_item(enrolment=classroom.ada, item=classroom.sheet, now=NOON)
    job = services.claim_next("light", now=NOON)
    assert job is not None
    answering(encode_line(contracts.Refused(why="problem.py:3: no draw", final=True)))
    grade(job)
    job.refresh_from_db()
    assert job.state == Job.State.ERROR
    assert "problem.py:3" in StudentItem.objects.get().fault
