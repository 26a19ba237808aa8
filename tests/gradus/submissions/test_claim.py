from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from gradus.submissions import services
from gradus.submissions.errors import StaleToken
from gradus.submissions.models import Job, Submission, Verdict
from tests.people import NOON, Classroom, claimed, hand_in, verdict_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def after_lease(settings: Settings) -> datetime:
    lease: timedelta = settings.LEASE
    return NOON + lease + timedelta(microseconds=1)


def test_only_the_first_worker_gets_the_job(classroom: Classroom) -> None:
    hand_in(classroom)
    assert services.claim_next("cpu", now=NOON) is not None
    assert services.claim_next("cpu", now=NOON) is None


def test_a_lane_gives_only_its_own_jobs(classroom: Classroom) -> None:
    hand_in(classroom)
    assert services.claim_next("light", now=NOON) is None


def test_a_lease_that_ran_out_can_be_taken_over(
    classroom: Classroom, after_lease: datetime
) -> None:
    first = claimed(hand_in(classroom))
    second = services.claim_next("cpu", now=after_lease)
    assert second is not None
    assert (second.pk, second.tries) == (first.pk, 2)
    assert second.token != first.token


def test_an_extended_lease_cannot_be_taken_over(
    classroom: Classroom, after_lease: datetime
) -> None:
    job = claimed(hand_in(classroom))
    assert services.extend_lease(job, now=NOON + timedelta(seconds=5))
    assert services.claim_next("cpu", now=after_lease) is None


def test_a_worker_that_wakes_up_late_can_write_nothing(
    classroom: Classroom, after_lease: datetime
) -> None:
    submission = hand_in(classroom)
    late = claimed(submission)
    assert services.claim_next("cpu", now=after_lease) is not None
    assert not services.extend_lease(late, now=after_lease)
    assert not services.report_progress(late, {"checks": []}, now=after_lease)
    with pytest.raises(StaleToken):
        services.store_verdict(late, verdict_data(submission), now=after_lease)
    with pytest.raises(StaleToken):
        services.give_back(late, why="late", now=after_lease)
    assert not Verdict.objects.exists()


def test_a_student_with_fewer_running_jobs_goes_first(classroom: Classroom) -> None:
    hand_in(classroom)
    hand_in(classroom)
    hand_in(classroom, enrolment=classroom.ben, now=NOON + timedelta(seconds=9))
    order = [services.claim_next("cpu", now=NOON + timedelta(seconds=10)) for _ in range(3)]
    users = [job.submission.enrolment_id for job in order if job and job.submission]
    assert users == [classroom.ada.pk, classroom.ben.pk, classroom.ada.pk]


def test_a_student_with_fewer_recent_jobs_goes_first(classroom: Classroom) -> None:
    first = hand_in(classroom)
    services.store_verdict(claimed(first), verdict_data(first), now=NOON)
    hand_in(classroom)
    hand_in(classroom, enrolment=classroom.ben, now=NOON + timedelta(seconds=1))
    job = services.claim_next("cpu", now=NOON + timedelta(seconds=2))
    assert job is not None
    assert job.fair_key == f"user-{classroom.ben.user_id}"


def test_a_job_that_keeps_losing_its_worker_ends_as_error(
    classroom: Classroom, settings: Settings
) -> None:
    submission = hand_in(classroom)
    now = NOON
    for _ in range(settings.MAX_TRIES):
        assert services.claim_next("cpu", now=now) is not None
        now += settings.LEASE + timedelta(seconds=1)
    assert services.claim_next("cpu", now=now) is None
    job = submission.jobs.get()
    assert job.state == Job.State.ERROR
    assert job.verdict.status == Verdict.Status.ERROR
    assert "3 tries" in job.fault
    assert Submission.objects.get().given_back


def test_progress_is_stored_and_cleared_by_the_verdict(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    job = claimed(submission)
    assert services.report_progress(job, {"position": 2, "checks": []}, now=NOON)
    assert submission.jobs.get().progress == {"position": 2, "checks": []}
    services.store_verdict(job, verdict_data(submission), now=NOON)
    assert submission.jobs.get().progress is None


def test_progress_above_its_limit_keeps_the_lease_and_the_old_picture(
    classroom: Classroom,
) -> None:
    submission = hand_in(classroom)
    job = claimed(submission)
    services.report_progress(job, {"checks": []}, now=NOON)
    later = NOON + timedelta(seconds=5)
    assert services.report_progress(job, {"checks": ["x" * 17_000]}, now=later)
    job.refresh_from_db()
    assert job.progress == {"checks": []}
    assert job.lease_until is not None
    assert job.lease_until > later


def test_a_job_given_back_pauses_and_counts_the_try(
    classroom: Classroom, settings: Settings
) -> None:
    job = claimed(hand_in(classroom))
    services.give_back(job, why="the grader went away", now=NOON)
    assert services.claim_next("cpu", now=NOON) is None
    again = services.claim_next("cpu", now=NOON + settings.RETRY_PAUSE)
    assert again is not None
    assert again.tries == 2


def test_a_try_that_never_began_is_not_counted(classroom: Classroom, settings: Settings) -> None:
    job = claimed(hand_in(classroom))
    services.give_back(job, why="no grader", now=NOON, counts=False)
    again = services.claim_next("cpu", now=NOON + settings.RETRY_PAUSE)
    assert again is not None
    assert again.tries == 1
