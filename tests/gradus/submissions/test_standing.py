from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from grader.verdict import Status
from gradus.courses.models import Assignment, Enrolment
from gradus.submissions import selectors, services
from gradus.submissions.models import Job, Submission
from gradus.submissions.selectors import Phase
from tests.people import NOON, Classroom, claimed, graded, hand_in, verdict_data

pytestmark = pytest.mark.django_db


def look(submission: Submission, viewer: Enrolment, now: datetime = NOON) -> selectors.Standing:
    return selectors.standing(Submission.objects.get(pk=submission.pk), viewer, now)


def test_goes_from_queued_over_running_to_done(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    assert look(submission, classroom.ada).phase is Phase.QUEUED
    assert selectors.queue_position(submission) == 1
    job = claimed(submission)
    services.report_progress(job, {"position": None, "checks": []}, now=NOON)
    running = look(submission, classroom.ada)
    assert (running.phase, running.progress) == (Phase.RUNNING, {"position": None, "checks": []})
    services.store_verdict(job, verdict_data(submission), now=NOON)
    done = look(submission, classroom.ada)
    assert (done.phase, done.is_final, done.points) == (Phase.DONE, True, Decimal("10.000"))
    assert selectors.queue_position(submission) is None


def test_points_are_a_share_of_the_items_points(classroom: Classroom) -> None:
    classroom.item.points = Decimal(3)
    classroom.item.save()
    verdict = graded(classroom, 5)
    assert look(verdict.submission, classroom.ada).points == Decimal("1.500")


def test_a_fault_of_ours_has_no_points(classroom: Classroom, settings: Settings) -> None:
    settings.MAX_TRIES = 1
    submission = hand_in(classroom)
    services.store_verdict(
        claimed(submission), verdict_data(submission, status=Status.ERROR), now=NOON
    )
    seen = look(submission, classroom.ada)
    assert (seen.phase, seen.points) == (Phase.ERROR, None)
    assert "trace of the fault" not in str(seen.verdict)
    assert "trace of the fault" in str(look(submission, classroom.iris).verdict)


def test_hidden_checks_follow_the_assignments_policy(classroom: Classroom) -> None:
    Assignment.objects.update(reveal="nothing")
    submission = graded(classroom, 5).submission
    assert "why hidden_one failed" not in str(look(submission, classroom.ada).verdict)
    assert "why hidden_one failed" in str(look(submission, classroom.tess).verdict)


def test_speed_waits_for_a_worker_and_then_joins(classroom: Classroom) -> None:
    classroom.item.version.has_gpu_part = True
    classroom.item.version.save()
    submission = hand_in(classroom)
    services.store_verdict(claimed(submission), verdict_data(submission), now=NOON)
    waiting = look(submission, classroom.ada)
    assert (waiting.phase, waiting.is_final) == (Phase.WAITING_FOR_GPU, False)
    assert waiting.points == Decimal("10.000")
    job = services.claim_next(Job.Lane.GPU, now=NOON)
    assert job is not None
    assert look(submission, classroom.ada).phase is Phase.TIMING_ON_GPU
    services.store_verdict(job, verdict_data(submission, 5), now=NOON)
    joined = look(submission, classroom.ada)
    assert (joined.phase, joined.points) == (Phase.DONE, Decimal("5.000"))


def test_lists_cost_the_same_however_long_they_are(classroom: Classroom) -> None:
    classroom.item.max_attempts = None

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for one in selectors.course_submissions(classroom.course).with_standing():
                selectors.standing(one, classroom.iris, NOON)
        return len(captured)

    graded(classroom)
    before = queries()
    for points in (0, 5, 10):
        graded(classroom, points)
    assert queries() == before


@pytest.mark.parametrize(
    ("who", "sees"),
    [("ada", True), ("ben", False), ("tess", True), ("iris", True), ("otto", False)],
)
def test_own_and_staff_see_a_submission(classroom: Classroom, who: str, sees: bool) -> None:
    hand_in(classroom)
    user = getattr(classroom, who).user
    assert Submission.objects.visible_to(user).exists() == sees


def test_strangers_and_those_who_left_see_nothing(classroom: Classroom) -> None:
    hand_in(classroom)
    classroom.ada.is_active = False
    classroom.ada.save()
    assert not Submission.objects.visible_to(classroom.olga).exists()
    assert not Submission.objects.visible_to(classroom.ada.user).exists()


def test_attempts_given_back_are_not_counted(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    assert selectors.attempts_left(classroom.ada, classroom.item, NOON).left == 1
    Submission.objects.filter(pk=submission.pk).update(given_back=True)
    assert selectors.attempts_left(classroom.ada, classroom.item, NOON).left == 2
