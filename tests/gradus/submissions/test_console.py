"""Console calls: what may be called, how often, and what is kept of the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from grader.contracts import Console, Op
from gradus.gradebook.models import GradeEvent
from gradus.submissions import selectors, services
from gradus.submissions.errors import (
    MayNotSubmit,
    NothingToRun,
    NotOpen,
    PartsRefused,
    PartsTooLarge,
    StillBusy,
    TooMuchScratch,
)
from gradus.submissions.grading import request_for
from gradus.submissions.models import Job, Submission
from gradus.submissions.parts import MAX_TYPED_BYTES
from tests.people import NOON, Classroom, claimed, hand_in

pytestmark = pytest.mark.django_db


def call(classroom: Classroom, typed: str = "double(2)", **fields: object) -> Submission:
    defaults = {
        "enrolment": classroom.ada, "item": classroom.item, "source": "x = 1\n", "now": NOON,
    }  # fmt: skip
    return services.call(**(defaults | {"typed": typed} | fields))  # type: ignore[arg-type]


def answered(submission: Submission, output: str = "", value: str = "") -> None:
    at = submission.received_at
    job = claimed(submission, now=at)
    services.store_said(job, Console(output=output, value=value), now=at)


def test_the_grader_is_asked_for_a_call_with_the_file_and_what_was_typed(
    classroom: Classroom,
) -> None:
    request, parts = request_for(claimed(call(classroom)))
    assert request.op is Op.CONSOLE
    assert parts == {"solution.py": b"x = 1\n", "console.py": b"double(2)"}
    assert request.overrides.limits == {"wall_seconds": 5.0}


def test_the_answer_is_read_by_its_student(classroom: Classroom) -> None:
    made = call(classroom)
    answered(made, "hi\n", "4")
    (shown,) = selectors.console_calls(classroom.ada, classroom.item)
    assert (shown.typed, shown.output, shown.value, shown.is_open) == (
        "double(2)", "hi\n", "4", False,
    )  # fmt: skip


def test_costs_no_attempt_and_makes_no_grade(classroom: Classroom) -> None:
    answered(call(classroom))
    assert selectors.attempts_left(classroom.ada, classroom.item, NOON).used == 0
    assert not GradeEvent.objects.exists()
    assert not selectors.history(classroom.ada, classroom.item)


@pytest.mark.parametrize("who", ["ada", "ben", "tess", "iris"])
def test_is_no_submission_that_anybody_can_open(classroom: Classroom, who: str) -> None:
    call(classroom)
    assert not Submission.objects.visible_to(getattr(classroom, who).user).exists()


@pytest.mark.parametrize("typed", ["", "  \n\t", "x\0y", "\ud800"])
def test_refuses_what_is_no_text(classroom: Classroom, typed: str) -> None:
    with pytest.raises(PartsRefused):
        call(classroom, typed)
    assert not Job.objects.exists()


def test_refuses_what_is_too_long(classroom: Classroom) -> None:
    with pytest.raises(PartsTooLarge):
        call(classroom, "é" * (MAX_TYPED_BYTES // 2 + 1))
    with pytest.raises(PartsTooLarge):
        call(classroom, source="#" * (256 * 1024 + 1))


def test_refuses_a_sheet(classroom: Classroom) -> None:
    with pytest.raises(NothingToRun):
        call(classroom, item=classroom.sheet)


def test_refuses_an_observer_and_what_is_not_open(classroom: Classroom) -> None:
    with pytest.raises(MayNotSubmit):
        call(classroom, enrolment=classroom.otto)
    classroom.item.assignment.opens_at = NOON + timedelta(days=1)
    with pytest.raises(NotOpen):
        call(classroom)


def test_works_after_the_deadline(classroom: Classroom) -> None:
    assert call(classroom, now=NOON + timedelta(days=30)).pk


def test_one_call_at_a_time(classroom: Classroom) -> None:
    made = call(classroom)
    with pytest.raises(StillBusy):
        call(classroom)
    answered(made)
    assert call(classroom).pk != made.pk


def test_so_many_calls_in_a_minute_and_then_again(classroom: Classroom, settings: Settings) -> None:
    settings.MAX_SCRATCH_PER_MINUTE = 2
    answered(call(classroom))
    answered(call(classroom, now=NOON + timedelta(seconds=10)))
    with pytest.raises(TooMuchScratch) as refused:
        call(classroom, now=NOON + timedelta(seconds=20))
    assert refused.value.retry_after_seconds == 40
    assert call(classroom, now=NOON + timedelta(seconds=61)).pk


def test_calls_never_stand_in_the_way_of_a_submission(
    classroom: Classroom, settings: Settings
) -> None:
    settings.MAX_QUEUED = settings.MAX_PER_MINUTE = 1
    call(classroom)
    assert hand_in(classroom).attempt == 1


def test_many_calls_do_not_push_ones_submission_back(classroom: Classroom) -> None:
    answered(call(classroom))
    mine = hand_in(classroom)
    hand_in(classroom, enrolment=classroom.ben, now=NOON + timedelta(seconds=1))
    held = services.claim_next(Job.Lane.CPU, now=NOON + timedelta(seconds=2))
    assert held is not None
    assert held.submission_id == mine.pk


def test_an_endless_answer_is_cut_and_holds_no_nul(classroom: Classroom) -> None:
    made = call(classroom)
    answered(made, "a" * 10**6, "\0")
    found = selectors.console_call(classroom.ada.user, made.pk)
    assert found is not None
    assert len(found.output) < 21_000
    assert "1000000 characters in all" in found.output
    assert found.value == "␀"


def test_a_fault_of_ours_is_said_and_is_no_verdict(
    classroom: Classroom, settings: Settings
) -> None:
    settings.MAX_TRIES = 1
    made = call(classroom)
    job = claimed(made)
    services.give_back(job, why="lost", now=NOON, pause=False)
    assert services.claim_next(Job.Lane.LIGHT, now=NOON) is None
    found = selectors.console_call(classroom.ada.user, made.pk)
    assert found is not None
    assert (found.is_fault, found.is_open) == (True, False)
    assert not made.verdicts.exists()


def test_a_submission_cannot_end_with_a_consoles_answer(classroom: Classroom) -> None:
    from gradus.submissions.errors import StaleToken

    job = claimed(hand_in(classroom))
    with pytest.raises(StaleToken):
        services.store_said(job, Console(output="", value="1"), now=NOON)


def test_calls_of_yesterday_are_deleted(classroom: Classroom) -> None:
    answered(call(classroom))
    services.sweep(now=NOON + timedelta(hours=25))
    assert not Submission.objects.exists()
    assert not Job.objects.exists()
