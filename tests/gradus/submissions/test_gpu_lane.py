"""Lane gpu: who is connected, fair share between students, and a wait that is honest."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django import Settings

from grader import contracts
from grader.contracts import encode_line
from gradus.courses.models import Assignment, Enrolment
from gradus.submissions import gpu_lane, grading, services
from gradus.submissions.gpu_lane import GpuWait
from gradus.submissions.models import Job, Submission
from gradus.submissions.services.claim import in_fair_order
from gradus.submissions.tasks import work
from tests.people import NOON, Classroom, claimed, hand_in, verdict_data

pytestmark = pytest.mark.django_db
Offer = Callable[..., None]


@pytest.fixture(autouse=True)
def no_news() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def offer(tmp_path: Path, settings: Settings) -> Iterator[Offer]:
    """Return a function after which a grader answers, with these flavours and GPUs."""
    path = str(tmp_path / "grader.sock")
    listener = socket.socket(socket.AF_UNIX)
    said: list[bytes] = []
    threads: list[threading.Thread] = []

    def answer() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                peer.sendall(said[-1])

    def start(*flavours: str, gpus: int = 0) -> None:
        hello = contracts.Hello(engine="1", flavours=list(flavours), warm=[], slots=1, gpus=gpus)
        said.append(encode_line(hello))
        if not threads:
            listener.bind(path)
            listener.listen()
            threads.append(threading.Thread(target=answer, daemon=True))
            threads[0].start()

    settings.GRADER_SOCKET = path
    yield start
    listener.close()


@pytest.fixture
def gpu_room(classroom: Classroom) -> Classroom:
    """The classroom with an item that has a speed part and any number of attempts."""
    version, item = classroom.item.version, classroom.item
    version.has_gpu_part = True
    version.save()
    item.max_attempts = None
    item.save()
    Assignment.objects.update(due_at=None)
    return classroom


def waiting(room: Classroom, who: Enrolment, now: datetime = NOON) -> Submission:
    """A submission whose correctness is graded."""
    submission = hand_in(room, enrolment=who, now=now)
    services.store_verdict(claimed(submission, now=now), verdict_data(submission), now=now)
    return submission


def run_next(now: datetime, seconds: float) -> Job:
    """Bring the next speed job to its end."""
    job = services.claim_next(Job.Lane.GPU, now=now)
    assert job is not None
    assert job.submission is not None
    end = now + timedelta(seconds=seconds)
    services.store_verdict(job, verdict_data(job.submission), now=end)
    return job


def owner(job: Job | None) -> str:
    assert job is not None
    return job.fair_key


def test_a_worker_without_a_gpu_takes_no_job_and_uses_no_try(
    gpu_room: Classroom, offer: Offer
) -> None:
    submission = waiting(gpu_room, gpu_room.ada, now=timezone.now())
    offer("numpy", "torch")
    work(Job.Lane.GPU)
    speed = submission.jobs.get(lane=Job.Lane.GPU)
    assert (speed.state, speed.tries) == (Job.State.QUEUED, 0)


def test_a_worker_whose_grader_is_down_takes_no_gpu_job(gpu_room: Classroom) -> None:
    submission = waiting(gpu_room, gpu_room.ada, now=timezone.now())
    work(Job.Lane.GPU)
    assert submission.jobs.get(lane=Job.Lane.GPU).tries == 0


def test_a_worker_with_a_gpu_takes_the_job(gpu_room: Classroom, offer: Offer) -> None:
    submission = waiting(gpu_room, gpu_room.ada, now=timezone.now())
    offer("torch-cuda", gpus=1)
    work(Job.Lane.GPU)  # this grader says hello and hangs up: the try counts, the job goes back
    speed = submission.jobs.get(lane=Job.Lane.GPU)
    assert (speed.state, speed.tries) == (Job.State.QUEUED, 1)
    assert "went away" in speed.fault


def test_a_refusal_on_a_gpu_uses_no_try(gpu_room: Classroom) -> None:
    submission = waiting(gpu_room, gpu_room.ada)
    job = services.claim_next(Job.Lane.GPU, now=NOON)
    assert job is not None
    grading._refused(job, contracts.Refused(why="This host does no GPU job now"), NOON)
    speed = submission.jobs.get(lane=Job.Lane.GPU)
    assert (speed.state, speed.tries) == (Job.State.QUEUED, 0)


def test_without_news_nobody_is_connected(gpu_room: Classroom, offer: Offer) -> None:
    submission = waiting(gpu_room, gpu_room.ada)
    assert gpu_lane.wait_of(submission, NOON) == GpuWait(0, 1, 1, None)
    offer("numpy")
    gpu_lane.tell_of_this_worker(NOON)
    assert gpu_lane.connected_devices(NOON) == 0


def test_news_are_believed_for_a_while(offer: Offer) -> None:
    offer("torch-cuda", gpus=2)
    gpu_lane.tell_of_this_worker(NOON)
    assert gpu_lane.connected_devices(NOON + timedelta(seconds=89)) == 2
    assert gpu_lane.connected_devices(NOON + timedelta(seconds=90)) == 0
    offer("numpy")
    gpu_lane.tell_of_this_worker(NOON + timedelta(seconds=30))
    assert gpu_lane.connected_devices(NOON + timedelta(seconds=31)) == 0


def test_what_does_not_wait_has_no_wait(gpu_room: Classroom) -> None:
    submission = waiting(gpu_room, gpu_room.ada)
    run_next(NOON, 10)
    assert gpu_lane.wait_of(submission, NOON) is None


def test_the_wait_is_the_median_of_the_last_runs_times_the_place(
    gpu_room: Classroom, offer: Offer
) -> None:
    offer("torch-cuda", gpus=1)
    for seconds in (10, 20, 90):
        waiting(gpu_room, gpu_room.iris)
        run_next(NOON, seconds)
    gpu_lane.tell_of_this_worker(NOON)
    waiting(gpu_room, gpu_room.ada)
    second = waiting(gpu_room, gpu_room.ben, now=NOON + timedelta(seconds=1))
    found = gpu_lane.wait_of(second, NOON + timedelta(seconds=2))
    assert found == GpuWait(1, 2, 2, timedelta(seconds=40))


def test_a_run_that_is_not_over_counts_as_a_whole_one(gpu_room: Classroom, offer: Offer) -> None:
    offer("torch-cuda", gpus=1)
    gpu_lane.tell_of_this_worker(NOON)
    waiting(gpu_room, gpu_room.iris)
    run_next(NOON, 30)
    waiting(gpu_room, gpu_room.ada)
    assert services.claim_next(Job.Lane.GPU, now=NOON) is not None
    mine = waiting(gpu_room, gpu_room.ben)
    found = gpu_lane.wait_of(mine, NOON)
    assert found is not None
    assert (found.place, found.expected) == (1, timedelta(seconds=60))


def test_more_devices_share_the_wait(gpu_room: Classroom, offer: Offer) -> None:
    offer("torch-cuda", gpus=2)
    gpu_lane.tell_of_this_worker(NOON)
    waiting(gpu_room, gpu_room.iris)
    run_next(NOON, 30)
    waits = []
    for who in (gpu_room.ada, gpu_room.ben, gpu_room.tess):
        found = gpu_lane.wait_of(waiting(gpu_room, who), NOON)
        assert found is not None
        waits.append(found.expected)
    assert waits == [timedelta(seconds=30), timedelta(seconds=30), timedelta(seconds=60)]


def test_nothing_is_promised_where_nothing_was_measured(gpu_room: Classroom, offer: Offer) -> None:
    offer("torch-cuda", gpus=1)
    gpu_lane.tell_of_this_worker(NOON)
    found = gpu_lane.wait_of(waiting(gpu_room, gpu_room.ada), NOON)
    assert found == GpuWait(1, 1, 1, None)


def test_students_take_turns_on_the_gpu(gpu_room: Classroom) -> None:
    for second in range(3):
        waiting(gpu_room, gpu_room.ada, now=NOON + timedelta(seconds=second))
    waiting(gpu_room, gpu_room.ben, now=NOON + timedelta(seconds=5))
    order = [owner(run_next(NOON + timedelta(minutes=k), 5)) for k in range(1, 5)]
    ada, ben = f"user-{gpu_room.ada.user_id}", f"user-{gpu_room.ben.user_id}"
    assert order == [ada, ben, ada, ada]


def test_what_a_student_has_graded_elsewhere_is_not_held_against_them(
    gpu_room: Classroom,
) -> None:
    waiting(gpu_room, gpu_room.ada)
    waiting(gpu_room, gpu_room.ben, now=NOON + timedelta(seconds=1))
    for _ in range(3):
        hand_in(gpu_room, enrolment=gpu_room.ada, now=NOON)
        assert services.claim_next(Job.Lane.CPU, now=NOON) is not None  # they run
    job = services.claim_next(Job.Lane.GPU, now=NOON + timedelta(seconds=2))
    assert owner(job) == f"user-{gpu_room.ada.user_id}"


def test_an_hour_of_runs_counts(gpu_room: Classroom) -> None:
    waiting(gpu_room, gpu_room.ada)
    run_next(NOON, 5)
    waiting(gpu_room, gpu_room.ada, now=NOON + timedelta(minutes=50))
    waiting(gpu_room, gpu_room.ben, now=NOON + timedelta(minutes=51))
    job = services.claim_next(Job.Lane.GPU, now=NOON + timedelta(minutes=52))
    assert owner(job) == f"user-{gpu_room.ben.user_id}"


@tried(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(["ada", "ben", "tess"]), min_size=1, max_size=6))
def test_the_place_that_is_told_is_the_place_that_comes(
    gpu_room: Classroom, people: list[str]
) -> None:
    submission = Submission.objects.first() or hand_in(gpu_room, run=True)
    Job.objects.all().delete()
    for second, name in enumerate(people):
        Job.objects.create(
            submission=submission,
            lane=Job.Lane.GPU,
            fair_key=name,
            seed=bytes(16),
            created_at=NOON + timedelta(seconds=second),
            not_before=NOON,
        )
    now = NOON + timedelta(minutes=1)
    told = [job.pk for job in gpu_lane.expected_order(list(in_fair_order("gpu", now)))]
    came = [run_next(now + timedelta(seconds=k), 0.5).pk for k in range(len(people))]
    assert told == came
