"""A worker keeps room for students, whatever a run asks of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from gradus.submissions import tasks
from gradus.submissions.models import Job
from tests.gradus.regrades.conftest import Desk
from tests.people import NOON, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_grader(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claimed job comes back at once and says so; each test has rooms of its own."""
    settings.GRADER_SOCKET = str(tmp_path / "nobody.sock")
    monkeypatch.setattr(tasks, "_rooms", {})
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def tried(job: Job) -> bool:
    return "no grader" in Job.everything.get(pk=job.pk).fault


def test_one_regrade_at_a_time_and_students_beside_it(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    held = Job.everything.get(fair_key=run.fair_key)
    room = tasks._room_for_regrades()
    assert room.acquire(blocking=False)  # another thread of this worker does one
    tasks.work(Job.Lane.CPU)
    assert not tried(held)
    fresh = hand_in(desk.classroom).jobs.get()
    tasks.work(Job.Lane.CPU)
    assert tried(fresh)
    room.release()


def test_the_room_is_free_again_after_each_job(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    tasks.work(Job.Lane.CPU)
    assert tried(Job.everything.get(fair_key=run.fair_key))
    assert tasks._room_for_regrades().acquire(blocking=False)
    assert not tasks._room_for_regrades().acquire(blocking=False)


def test_students_work_takes_no_room_of_regrades(desk: Desk) -> None:
    fresh = hand_in(desk.classroom).jobs.get()
    tasks.work(Job.Lane.CPU)
    assert tried(fresh)
    assert tasks._room_for_regrades().acquire(blocking=False)
