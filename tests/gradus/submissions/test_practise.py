"""Practice sheets: fresh numbers every time, never those that count, and nothing of it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from grader.contracts import Op, Prepared
from gradus.courses.models import Enrolment, Item
from gradus.gradebook.models import GradeEvent
from gradus.submissions import policy, selectors, services
from gradus.submissions.errors import (
    MayNotSubmit,
    NothingToPractise,
    NotPrepared,
    PartsRefused,
    StillBusy,
    TooMuchScratch,
)
from gradus.submissions.grading import request_for
from gradus.submissions.models import Job, StudentItem, Submission
from gradus.submissions.services.prepare import student_seed
from tests.people import NOON, Classroom, claimed, prepared, sheet_verdict

pytestmark = pytest.mark.django_db
SHEET = {"answers.json": '{"sum": "7"}'}


def draw(classroom: Classroom, *, now: object = NOON, **fields: object) -> StudentItem:
    people = {"enrolment": classroom.ada, "item": classroom.sheet, "now": now}
    sheet = services.draw_practice(**(people | fields))  # type: ignore[arg-type]
    job = services.claim_next(Job.Lane.LIGHT, now=now)  # type: ignore[arg-type]
    assert job is not None
    numbers = Prepared(numbers={"a": sheet.practice, "b": 1}, form={"fields": []})
    services.store_prepared(job, numbers, now=now)  # type: ignore[arg-type]
    sheet.refresh_from_db()
    return sheet


def send(classroom: Classroom, practice: int, **fields: object) -> Submission:
    defaults = {
        "enrolment": classroom.ada, "item": classroom.sheet, "parts": SHEET, "now": NOON,
    }  # fmt: skip
    return services.mark_practice(practice=practice, **(defaults | fields))  # type: ignore[arg-type]


def test_each_drawing_has_an_ordinal_and_a_seed_of_its_own(classroom: Classroom) -> None:
    counted = prepared(classroom)
    first, second = draw(classroom), draw(classroom)
    assert [first.practice, second.practice] == [1, 2]
    assert len({student_seed(sheet) for sheet in (counted, first, second)}) == 3


def test_the_numbers_that_count_stay(classroom: Classroom) -> None:
    counted = prepared(classroom)
    draw(classroom)
    counted.refresh_from_db()
    assert counted.numbers == {"a": 3, "b": 4}
    assert selectors.practice_sheet(classroom.ada, classroom.sheet) != counted


def test_while_numbers_are_drawn_no_others_are(classroom: Classroom) -> None:
    first = services.draw_practice(enrolment=classroom.ada, item=classroom.sheet, now=NOON)
    again = services.draw_practice(enrolment=classroom.ada, item=classroom.sheet, now=NOON)
    assert first == again
    assert Job.objects.count() == 1


def test_the_grader_marks_a_sheet_by_its_own_numbers(classroom: Classroom) -> None:
    prepared(classroom)
    request, parts = request_for(claimed(send(classroom, draw(classroom).practice)))
    assert request.op is Op.GRADE
    assert request.numbers == {"a": 1, "b": 1}
    assert parts["answers.json"] == b'{"sum": "7"}'


def test_marks_make_no_grade_use_no_attempt_and_stand_in_no_history(classroom: Classroom) -> None:
    made = send(classroom, draw(classroom).practice)
    services.store_verdict(claimed(made), sheet_verdict(made), now=NOON)
    from gradus.gradebook.services import sweep

    sweep(now=NOON + timedelta(minutes=5))
    assert not GradeEvent.objects.exists()
    assert selectors.attempts_left(classroom.ada, classroom.sheet, NOON).used == 0
    assert not selectors.history(classroom.ada, classroom.sheet)
    assert not selectors.course_submissions(classroom.course)


def test_only_its_student_sees_practice(classroom: Classroom) -> None:
    made = send(classroom, draw(classroom).practice)
    seen = {
        name: Submission.objects.visible_to(getattr(classroom, name).user)
        .filter(pk=made.pk)
        .count()
        for name in ("ada", "ben", "tess", "iris")
    }
    assert seen == {"ada": 1, "ben": 0, "tess": 0, "iris": 0}


def test_a_sheet_is_marked_again_and_again(classroom: Classroom) -> None:
    sheet = draw(classroom)
    first = send(classroom, sheet.practice)
    with pytest.raises(StillBusy):
        send(classroom, sheet.practice)
    services.store_verdict(claimed(first), sheet_verdict(first), now=NOON)
    assert send(classroom, sheet.practice).pk != first.pk


@pytest.mark.parametrize("practice", [0, 1, 99])  # 0 are the numbers that count
def test_refuses_numbers_that_were_never_drawn(classroom: Classroom, practice: int) -> None:
    prepared(classroom)
    with pytest.raises(NotPrepared):
        send(classroom, practice)


def test_refuses_answers_that_cannot_be_read(classroom: Classroom) -> None:
    sheet = draw(classroom)
    with pytest.raises(PartsRefused):
        send(classroom, sheet.practice, parts={"answers.json": "[1"})
    with pytest.raises(PartsRefused):
        send(classroom, sheet.practice, parts={"solution.py": "x"})


def test_refuses_code_and_who_does_not_submit(classroom: Classroom) -> None:
    with pytest.raises(NothingToPractise):
        draw(classroom, item=classroom.item)
    with pytest.raises(MayNotSubmit):
        draw(classroom, enrolment=classroom.otto)


def test_a_quiz_is_not_practised(classroom: Classroom) -> None:
    version = classroom.sheet.version
    assert policy.can_be_practised(version)
    version.manifest["quiz"] = {"draw": 2, "points": 3}
    assert not policy.can_be_practised(version)


@pytest.mark.parametrize("level", ["category", "nothing"])
def test_what_an_assignment_hides_practice_does_not_tell(classroom: Classroom, level: str) -> None:
    item: Item = classroom.sheet
    item.assignment.reveal = level
    ada: Enrolment = classroom.ada
    assert not policy.may_practise(ada, item, NOON)
    assert policy.may_practise(ada, item, NOON + timedelta(days=30))  # shown after the deadline


def test_so_many_drawings_in_a_minute(classroom: Classroom, settings: Settings) -> None:
    settings.MAX_SCRATCH_PER_MINUTE = 2
    draw(classroom)
    draw(classroom, now=NOON + timedelta(seconds=1))
    with pytest.raises(TooMuchScratch) as refused:
        draw(classroom, now=NOON + timedelta(seconds=30))
    assert refused.value.retry_after_seconds == 30
    assert draw(classroom, now=NOON + timedelta(seconds=62)).practice == 3


def test_old_practice_is_deleted_but_ordinals_go_on(classroom: Classroom) -> None:
    prepared(classroom)
    made = send(classroom, draw(classroom).practice)
    services.store_verdict(claimed(made), sheet_verdict(made), now=NOON)
    draw(classroom)
    later = NOON + timedelta(hours=25)
    services.sweep(now=later)
    assert not Submission.objects.exists()
    assert sorted(StudentItem.objects.values_list("practice", flat=True)) == [0, 2]
    assert draw(classroom, now=later).practice == 3


def test_fresh_numbers_are_fresh_also_after_the_item_moved_to_a_newer_version(
    classroom: Classroom,
) -> None:
    draw(classroom)
    services.prepare_anew([classroom.sheet.pk])
    assert draw(classroom).practice == 2
    with pytest.raises(NotPrepared):
        send(classroom, 1)
