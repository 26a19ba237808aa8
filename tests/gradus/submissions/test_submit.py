from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from gradus.courses.models import Role
from gradus.submissions import services
from gradus.submissions.errors import (
    CoolingDown,
    KeyReused,
    MayNotSubmit,
    NoAttemptsLeft,
    NothingToRun,
    NotOpen,
    NotPrepared,
    PartsRefused,
    PartsTooLarge,
    PastDue,
    QueueFull,
    TooManyPerMinute,
)
from gradus.submissions.models import Job, Submission
from tests.people import NOON, Classroom, claimed, hand_in, prepared, verdict_data

pytestmark = pytest.mark.django_db
HandIn = Callable[..., Submission]


def sheet(classroom: Classroom, text: str) -> Submission:
    return services.submit(
        enrolment=classroom.ada, item=classroom.sheet, parts={"answers.json": text}, now=NOON
    )


def finish(submission: Submission) -> None:
    services.store_verdict(claimed(submission), verdict_data(submission), now=NOON)


def test_queues_one_job_with_a_seed_of_its_own(hand_in: HandIn) -> None:
    submission = hand_in()
    job = submission.jobs.get()
    assert (submission.attempt, job.state, job.lane) == (1, Job.State.QUEUED, Job.Lane.CPU)
    assert len(bytes(job.seed)) == 16


def test_a_run_goes_to_the_light_lane_and_is_no_attempt(hand_in: HandIn) -> None:
    run = hand_in(run=True)
    job = run.jobs.get()
    assert run.attempt is None
    assert (job.lane, job.selection) == (Job.Lane.LIGHT, Job.Selection.VISIBLE)
    assert hand_in().attempt == 1


def test_refuses_when_all_attempts_are_used(hand_in: HandIn) -> None:
    hand_in()
    hand_in()
    with pytest.raises(NoAttemptsLeft, match="All 2 attempts"):
        hand_in()
    assert Submission.objects.count() == 2


def test_an_attempt_given_back_can_be_used_again_under_a_new_ordinal(hand_in: HandIn) -> None:
    first = hand_in()
    hand_in()
    Submission.objects.filter(pk=first.pk).update(given_back=True)
    assert hand_in().attempt == 3


def test_accepts_at_the_due_moment_and_refuses_after_it(
    classroom: Classroom, hand_in: HandIn
) -> None:
    due = classroom.assignment.due_at
    assert due is not None
    assert hand_in(now=due).attempt == 1
    with pytest.raises(PastDue, match="was due on Monday, 08 March 2027, 12:00 UTC"):
        hand_in(now=due + timedelta(microseconds=1))


def test_runs_are_possible_after_the_due_moment(classroom: Classroom, hand_in: HandIn) -> None:
    assert classroom.assignment.due_at is not None
    assert hand_in(now=classroom.assignment.due_at + timedelta(days=1), run=True).pk


@pytest.mark.parametrize(
    "changes", [{"is_published": False}, {"opens_at": NOON + timedelta(seconds=1)}]
)
def test_refuses_students_before_the_assignment_is_open(
    classroom: Classroom, hand_in: HandIn, changes: dict[str, object]
) -> None:
    for field, value in changes.items():
        setattr(classroom.item.assignment, field, value)
    with pytest.raises(NotOpen):
        hand_in()


def test_staff_may_try_an_assignment_that_has_not_opened(
    classroom: Classroom, hand_in: HandIn
) -> None:
    classroom.item.assignment.is_published = False
    assert hand_in(enrolment=classroom.iris).attempt == 1


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.REVIEWER])
def test_refuses_roles_that_do_not_submit(
    classroom: Classroom, hand_in: HandIn, role: Role
) -> None:
    classroom.otto.role = role
    with pytest.raises(MayNotSubmit):
        hand_in(enrolment=classroom.otto)


def test_refuses_in_an_archived_course(classroom: Classroom, hand_in: HandIn) -> None:
    classroom.item.assignment.course.is_archived = True
    with pytest.raises(MayNotSubmit):
        hand_in()


def test_cool_down_says_for_how_long(classroom: Classroom, hand_in: HandIn) -> None:
    classroom.item.cooldown_seconds = 60
    hand_in()
    with pytest.raises(CoolingDown, match="possible in 41 s") as refusal:
        hand_in(now=NOON + timedelta(seconds=19, milliseconds=1))
    assert refusal.value.retry_after_seconds == 41
    assert hand_in(now=NOON + timedelta(seconds=60)).attempt == 2


def test_a_fourth_submission_waits_until_one_of_three_has_its_verdict(
    classroom: Classroom, hand_in: HandIn
) -> None:
    classroom.item.max_attempts = None
    submissions = [hand_in() for _ in range(3)]
    with pytest.raises(QueueFull, match="3 of your submissions"):
        hand_in()
    finish(submissions[0])
    assert hand_in().attempt == 4


def test_the_queue_of_one_student_does_not_stop_another(
    classroom: Classroom, hand_in: HandIn, settings: Settings
) -> None:
    classroom.item.max_attempts = None
    for _ in range(3):
        hand_in()
    assert hand_in(enrolment=classroom.ben).attempt == 1


def test_limits_submissions_and_runs_a_minute(hand_in: HandIn, settings: Settings) -> None:
    settings.MAX_PER_MINUTE = 2
    hand_in(run=True)
    hand_in(run=True, now=NOON + timedelta(seconds=10))
    with pytest.raises(TooManyPerMinute, match="Again in 50 s"):
        hand_in(now=NOON + timedelta(seconds=10))
    assert hand_in(now=NOON + timedelta(seconds=60)).attempt == 1


def test_the_same_key_submits_once(hand_in: HandIn) -> None:
    first, second = hand_in(key="k1"), hand_in(key="k1")
    assert first.pk == second.pk
    assert Submission.objects.count() == Job.objects.count() == 1


def test_a_repeated_key_is_answered_even_when_the_attempts_are_used(
    classroom: Classroom, hand_in: HandIn
) -> None:
    classroom.item.max_attempts = 1
    first = hand_in(key="k1")
    assert hand_in(key="k1").pk == first.pk


def test_a_key_belongs_to_one_person(classroom: Classroom, hand_in: HandIn) -> None:
    assert hand_in(key="k1").pk != hand_in(key="k1", enrolment=classroom.ben).pk


def test_refuses_a_key_for_another_content(hand_in: HandIn) -> None:
    hand_in(key="k1")
    with pytest.raises(KeyReused):
        hand_in("def double(x): ...", key="k1")


def test_refuses_a_key_for_another_mode(hand_in: HandIn) -> None:
    hand_in(key="k1")
    with pytest.raises(KeyReused):
        hand_in(key="k1", run=True)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "Nothing was sent. This exercise asks for solution.py"),
        ({"solution.py": " \n\t"}, "Nothing was sent"),
        ({"answers.json": "{}"}, "no part named 'answers.json'"),
        ({"../solution.py": "x"}, "no part named '../solution.py'"),
        ({"solution.py": "a\nb\0"}, "line 2 has a NUL"),
        ({"solution.py": "a\n\ud800"}, "line 2 has half of a character"),
    ],
)
def test_refuses_unusable_parts(classroom: Classroom, parts: dict[str, str], message: str) -> None:
    with pytest.raises(PartsRefused, match=message):
        services.submit(enrolment=classroom.ada, item=classroom.item, parts=parts, now=NOON)
    assert not Submission.objects.exists()


def test_measures_a_part_in_bytes_and_accepts_exactly_the_limit(
    hand_in: HandIn, settings: Settings
) -> None:
    settings.MAX_PART_BYTES = 10
    assert hand_in("ä" * 5).pk
    with pytest.raises(PartsTooLarge, match=r"solution.py has 12 bytes; at most 10"):
        hand_in("ä" * 6)


@pytest.mark.parametrize(
    "text", ["[]", "{", "[" * 100_000, '{"sum": {"deep": 1}}', '{"sum": "1", "sum": "2"}', "7"]
)
def test_refuses_answers_that_are_no_sheet(classroom: Classroom, text: str) -> None:
    prepared(classroom)
    with pytest.raises(PartsRefused, match=r"answers\.json"):
        sheet(classroom, text)


def test_refuses_answers_before_the_numbers_are_drawn(classroom: Classroom) -> None:
    with pytest.raises(NotPrepared):
        sheet(classroom, '{"sum": "7"}')


def test_a_sheet_is_graded_in_the_light_lane_with_the_stored_numbers(
    classroom: Classroom,
) -> None:
    mine = prepared(classroom)
    submission = sheet(classroom, '{"sum": "7"}')
    assert submission.student_item_id == mine.pk
    assert submission.jobs.get().lane == Job.Lane.LIGHT


def test_a_sheet_has_nothing_to_run(classroom: Classroom) -> None:
    prepared(classroom)
    with pytest.raises(NothingToRun):
        services.run_visible(
            enrolment=classroom.ada,
            item=classroom.sheet,
            parts={"answers.json": '{"sum": "7"}'},
            now=NOON,
        )


def test_the_database_keeps_attempts_apart(classroom: Classroom) -> None:
    first = hand_in(classroom)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            enrolment=first.enrolment, item=first.item, attempt=1, parts={}, sha256=""
        )


def test_the_database_refuses_a_run_with_an_attempt(classroom: Classroom) -> None:
    first = hand_in(classroom)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            enrolment=first.enrolment, item=first.item, mode="run", attempt=7, parts={}, sha256=""
        )
