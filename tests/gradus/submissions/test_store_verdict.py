from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from grader.verdict import Status
from gradus.lib import blobs
from gradus.submissions import services
from gradus.submissions.errors import StaleToken
from gradus.submissions.models import Artifact, Job, Submission, Verdict
from tests.people import NOON, Classroom, claimed, hand_in, verdict_data

pytestmark = pytest.mark.django_db


def test_a_verdict_is_stored_exactly_once(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    job = claimed(submission)
    services.store_verdict(job, verdict_data(submission, 5), now=NOON)
    with pytest.raises(StaleToken):
        services.store_verdict(job, verdict_data(submission, 10), now=NOON)
    verdict = Verdict.objects.get()
    assert (verdict.status, verdict.points) == ("partial", Decimal(5))
    assert submission.jobs.get().state == Job.State.DONE


def test_the_database_refuses_a_second_verdict_of_a_job(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    job = claimed(submission)
    services.store_verdict(job, verdict_data(submission), now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(
            job=job, submission=submission, status="passed", points=1, max_points=1, body={}
        )


def test_the_database_refuses_more_than_full_points(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    job = submission.jobs.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(
            job=job, submission=submission, status="passed", points=2, max_points=1, body={}
        )


def test_invalid_gives_the_attempt_back(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    services.store_verdict(
        claimed(submission), verdict_data(submission, status=Status.INVALID), now=NOON
    )
    submission.refresh_from_db()
    assert submission.given_back
    assert submission.jobs.get().state == Job.State.DONE


def test_a_failed_submission_keeps_its_attempt(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    services.store_verdict(claimed(submission), verdict_data(submission, 0), now=NOON)
    assert not Submission.objects.get().given_back


def test_a_fault_of_ours_is_tried_again_and_then_given_up(
    classroom: Classroom, settings: Settings
) -> None:
    submission = hand_in(classroom)
    now = NOON
    outcomes = []
    for _ in range(settings.MAX_TRIES):
        job = claimed(submission, now=now)
        error = verdict_data(submission, status=Status.ERROR)
        outcomes.append(services.store_verdict(job, error, now=now))
        now += timedelta(minutes=5)
    assert outcomes[:-1] == [None] * (settings.MAX_TRIES - 1)
    last = outcomes[-1]
    assert last is not None
    assert last.status == Verdict.Status.ERROR
    assert submission.jobs.get().fault == "trace of the fault"
    assert Submission.objects.get().given_back


def test_figures_are_kept_with_the_verdict(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    data = b'{"kind": "bars"}'
    sha256 = hashlib.sha256(data).hexdigest()
    figure = services.Figure(sha256, "errors", "application/json", data)
    services.store_verdict(
        claimed(submission), verdict_data(submission), figures=[figure, figure], now=NOON
    )
    assert Artifact.objects.get().sha256 == sha256
    assert blobs.get(blobs.FIGURES, sha256) == data


@pytest.mark.parametrize("points", [10.0, 5.0])
def test_a_gpu_exercise_gets_its_speed_job_once_every_check_passed(
    classroom: Classroom, points: float
) -> None:
    classroom.item.version.has_gpu_part = True
    classroom.item.version.save()
    submission = hand_in(classroom)
    job = claimed(submission)
    assert job.selection == Job.Selection.CORRECTNESS
    services.store_verdict(job, verdict_data(submission, points), now=NOON)
    speed = submission.jobs.filter(lane=Job.Lane.GPU)
    assert speed.exists() == (points == 10.0)
    assert all(bytes(timing.seed) == bytes(job.seed) for timing in speed)


def test_a_run_creates_no_speed_job(classroom: Classroom) -> None:
    classroom.item.version.has_gpu_part = True
    classroom.item.version.save()
    run = hand_in(classroom, run=True)
    services.store_verdict(claimed(run), verdict_data(run), now=NOON)
    assert run.jobs.count() == 1
