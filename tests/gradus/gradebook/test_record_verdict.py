from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from grader.verdict import Status
from gradus.gradebook import selectors, services
from gradus.gradebook.models import GradeEvent
from gradus.submissions import services as submissions
from gradus.submissions.models import Job, Verdict
from tests.people import NOON, Classroom, claimed, graded, hand_in, verdict_data

pytestmark = pytest.mark.django_db


def record(verdict: Verdict) -> GradeEvent | None:
    return services.record_verdict(verdict.pk, now=NOON)


def test_a_verdict_is_recorded_once_however_often_it_is_asked_for(classroom: Classroom) -> None:
    verdict = graded(classroom, 5)
    assert record(verdict) == record(verdict)
    event = GradeEvent.objects.get()
    assert (event.points, event.max_points) == (Decimal(5), Decimal(10))
    assert not event.is_provisional


def test_a_run_is_not_recorded(classroom: Classroom) -> None:
    assert record(graded(classroom, run=True)) is None


@pytest.mark.parametrize("status", [Status.INVALID, Status.ERROR])
def test_what_has_no_score_is_not_recorded(
    classroom: Classroom, settings: Settings, status: Status
) -> None:
    settings.MAX_TRIES = 1
    submission = hand_in(classroom)
    verdict = submissions.store_verdict(
        claimed(submission), verdict_data(submission, status=status), now=NOON
    )
    assert verdict is not None
    assert record(verdict) is None


def test_a_verdict_that_is_gone_is_no_error(db: None) -> None:
    assert services.record_verdict(12345, now=NOON) is None


def test_the_sweep_records_what_was_forgotten_and_only_that(classroom: Classroom) -> None:
    record(graded(classroom, 5))
    forgotten = graded(classroom, 10)
    assert services.sweep(now=NOON) == 1
    assert GradeEvent.objects.get(verdict=forgotten).points == 10
    assert services.sweep(now=NOON) == 0


def test_a_grade_is_provisional_until_the_speed_part_is_graded(classroom: Classroom) -> None:
    classroom.item.version.has_gpu_part = True
    classroom.item.version.save()
    first = graded(classroom, 10)
    event = record(first)
    assert event is not None
    assert event.is_provisional
    job = submissions.claim_next(Job.Lane.GPU, now=NOON)
    assert job is not None
    second = submissions.store_verdict(job, verdict_data(first.submission, 5), now=NOON)
    assert second is not None
    final = record(second)
    assert final is not None
    assert (final.points, final.is_provisional) == (Decimal(5), False)
    grade = selectors.grades([classroom.ada], NOON)[classroom.item.pk]
    assert (grade.points, grade.is_provisional) == (Decimal(5), False)


def test_the_database_refuses_an_override_without_a_reason(classroom: Classroom) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeEvent.objects.create(
            enrolment=classroom.ada, item=classroom.item, source="override", points=1,
            max_points=10, actor=classroom.iris.user, reason="",
        )  # fmt: skip


def test_the_assignment_page_shows_best_points_and_attempts(classroom: Classroom) -> None:
    for points in (10, 5):
        record(graded(classroom, points))
    found = selectors.assignment_items(classroom.ada, classroom.assignment, NOON)
    rows = {row.item.pk: row for row in found}
    row = rows[classroom.item.pk]
    assert row.grade is not None
    assert (row.grade.points, row.attempts_used, row.attempts_left) == (Decimal(10), 2, 0)
    assert rows[classroom.sheet.pk].grade is None


def test_an_open_job_shows_as_being_graded(classroom: Classroom) -> None:
    hand_in(classroom)
    rows = selectors.assignment_items(classroom.ada, classroom.assignment, NOON)
    assert [row.is_being_graded for row in rows] == [True, False]


def test_the_overview_costs_the_same_for_any_number_of_courses(classroom: Classroom) -> None:
    from gradus.catalog.models import Exercise
    from gradus.courses import services as courses

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert selectors.overview(classroom.ada.user, NOON)
        return len(captured)

    before = queries()
    for number in range(3):
        course = courses.create_course(owner=classroom.iris.user, title=f"Course {number}")
        courses.enrol(course=course, user=classroom.ada.user, role="student")
        courses.create_assignment(
            course=course,
            plan=courses.Plan(title="Sheet"),
            exercises=list(Exercise.objects.all()),
        )
    assert queries() == before
    assert len(selectors.overview(classroom.ada.user, NOON)) == 4


def test_the_overview_hides_what_has_not_opened(classroom: Classroom) -> None:
    classroom.assignment.opens_at = NOON + timedelta(hours=1)
    classroom.assignment.save()
    assert selectors.overview(classroom.ada.user, NOON)[0].assignments == ()
    assert len(selectors.overview(classroom.iris.user, NOON)[0].assignments) == 1
