from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from grader.contracts import Prepared
from gradus.catalog.models import Exercise
from gradus.courses.models import Item
from gradus.submissions import services
from gradus.submissions.errors import NotPrepared
from gradus.submissions.grading import request_for
from gradus.submissions.models import Job, StudentItem
from gradus.submissions.services.prepare import student_seed
from tests.people import NOON, Classroom, prepared

pytestmark = pytest.mark.django_db


def open_sheet(classroom: Classroom, **changes: Any) -> StudentItem:
    fields: dict[str, Any] = {
        "enrolment": classroom.ada,
        "item": classroom.sheet,
        "now": NOON,
        **changes,
    }
    return services.open_item(**fields)


def draw(numbers: dict[str, object], now: datetime = NOON) -> None:
    job = services.claim_next("light", now=now)
    assert job is not None
    services.store_prepared(job, Prepared(numbers=numbers, form={"fields": []}), now=now)


def test_an_item_without_numbers_is_ready_at_once(classroom: Classroom) -> None:
    mine = services.open_item(enrolment=classroom.ada, item=classroom.item, now=NOON)
    assert mine.is_prepared
    assert "def double" in mine.starter
    assert not Job.objects.exists()


def test_numbers_are_asked_for_once_however_often_the_page_is_opened(
    classroom: Classroom,
) -> None:
    first, second = open_sheet(classroom), open_sheet(classroom)
    assert first.pk == second.pk
    assert not first.is_prepared
    assert Job.objects.count() == 1


def test_drawn_numbers_stay(classroom: Classroom) -> None:
    open_sheet(classroom)
    draw({"a": 3})
    mine = open_sheet(classroom)
    assert mine.is_prepared
    assert mine.numbers == {"a": 3}
    assert Job.objects.count() == 1


def test_a_late_drawing_does_not_replace_the_first(classroom: Classroom) -> None:
    mine = prepared(classroom)
    Job.objects.create(
        student_item=mine, lane="light", fair_key="user-1", seed=b"s", not_before=NOON
    )
    draw({"a": 99})
    mine.refresh_from_db()
    assert mine.numbers == {"a": 3, "b": 4}


def test_a_drawing_that_failed_is_tried_again_when_the_page_is_opened_later(
    classroom: Classroom, settings: Settings
) -> None:
    mine = open_sheet(classroom)
    mine.jobs.update(state=Job.State.ERROR, ended_at=NOON)
    assert open_sheet(classroom, now=NOON + timedelta(seconds=1)).jobs.count() == 1
    later = NOON + settings.WAKE_AFTER + timedelta(seconds=1)
    assert open_sheet(classroom, now=later).jobs.count() == 2


def test_a_drawing_that_keeps_failing_tells_staff_why(
    classroom: Classroom, settings: Settings
) -> None:
    mine = open_sheet(classroom)
    now = NOON
    for _ in range(settings.MAX_TRIES):
        job = services.claim_next("light", now=now)
        assert job is not None
        services.give_back(job, why="draw() raised ZeroDivisionError", now=now)
        now += timedelta(minutes=1)
    assert services.claim_next("light", now=now) is None
    mine.refresh_from_db()
    assert "ZeroDivisionError" in mine.fault
    assert mine.jobs.get().state == Job.State.ERROR


def test_seeds_differ_between_students_items_and_practice(classroom: Classroom) -> None:
    other = Item.objects.get(pk=classroom.item.pk)
    seeds = {
        student_seed(open_sheet(classroom)),
        student_seed(open_sheet(classroom, enrolment=classroom.ben)),
        student_seed(open_sheet(classroom, practice=1)),
        student_seed(open_sheet(classroom, item=other)),
    }
    assert len(seeds) == 4


def moved(classroom: Classroom, **changes: Any) -> Item:
    """The sheet's item at a version that came after."""
    fields = {"pk": None, "digest": "sha256:" + "0" * 64, **changes}
    newer = classroom.sheet.version
    for name, value in fields.items():
        setattr(newer, name, value)
    newer.save()
    Exercise.objects.filter(pk=newer.exercise_id).update(newest=newer)
    item = Item.objects.get(pk=classroom.sheet.pk)
    assert services.move_to_newest(item=item)
    return Item.objects.get(pk=item.pk)


def test_a_new_version_changes_neither_seed_nor_numbers(classroom: Classroom) -> None:
    before = student_seed(prepared(classroom))
    again = open_sheet(classroom, item=moved(classroom))
    assert student_seed(again) == before
    assert again.numbers == {"a": 3, "b": 4}


def test_the_page_is_prepared_anew_for_a_new_version_from_the_same_numbers(
    classroom: Classroom,
) -> None:
    open_sheet(classroom)
    draw({"a": 3, "b": 4})
    item = moved(classroom)
    assert not open_sheet(classroom, item=item).is_prepared
    job = services.claim_next("light", now=NOON)
    assert job is not None
    request, _ = request_for(job)
    assert (request.numbers, request.student_seed) == ({"a": 3, "b": 4}, None)
    assert request.version == item.version.digest
    form = {"fields": [{"id": "sum"}, {"id": "product"}]}
    made = Prepared(numbers={"a": 3, "b": 4}, form=form, figure={"kind": "net"}, starter="# new\n")
    services.store_prepared(job, made, now=NOON)
    mine = open_sheet(classroom, item=item)
    assert (mine.is_prepared, mine.numbers) == (True, {"a": 3, "b": 4})
    assert (mine.form, mine.figure, mine.starter) == (form, {"kind": "net"}, "# new\n")


def test_until_then_nothing_is_taken_in_for_the_old_form(classroom: Classroom) -> None:
    prepared(classroom)
    item = moved(classroom)
    with pytest.raises(NotPrepared):
        services.submit(
            enrolment=classroom.ada, item=item, parts={"answers.json": '{"sum": "7"}'}, now=NOON
        )


def test_what_was_being_prepared_for_the_old_version_is_not_kept(classroom: Classroom) -> None:
    open_sheet(classroom)
    job = services.claim_next("light", now=NOON)
    item = moved(classroom)
    assert job is not None
    services.store_prepared(job, Prepared(numbers={"a": 3}, form={"fields": []}), now=NOON)
    mine = open_sheet(classroom, item=item)
    assert (mine.is_prepared, mine.numbers) == (False, None)
    draw({"a": 5})
    assert open_sheet(classroom, item=item).numbers == {"a": 5}


def test_a_version_that_draws_nothing_more_shows_its_own_starter(classroom: Classroom) -> None:
    prepared(classroom)
    mine = open_sheet(classroom, item=moved(classroom, is_personal=False, starter="# own\n"))
    assert (mine.is_prepared, mine.form, mine.starter) == (True, None, "# own\n")
    assert mine.numbers == {"a": 3, "b": 4}


def test_the_seed_depends_on_the_installation(classroom: Classroom, settings: Settings) -> None:
    mine = open_sheet(classroom)
    before = student_seed(mine)
    settings.INSTALLATION_SECRET = "another secret of this installation"
    assert student_seed(mine) != before


def test_a_starter_that_was_not_drawn_follows_the_version(classroom: Classroom) -> None:
    services.open_item(enrolment=classroom.ada, item=classroom.item, now=NOON)
    classroom.item.version.starter = "# new\n"
    again = services.open_item(enrolment=classroom.ada, item=classroom.item, now=NOON)
    assert again.starter == "# new\n"


def test_a_version_that_begins_to_draw_draws_for_those_who_have_no_numbers(
    classroom: Classroom,
) -> None:
    services.open_item(enrolment=classroom.ada, item=classroom.item, now=NOON)
    classroom.item.version.is_personal = True
    assert not services.open_item(
        enrolment=classroom.ada, item=classroom.item, now=NOON
    ).is_prepared
    draw({"a": 5})
    again = services.open_item(enrolment=classroom.ada, item=classroom.item, now=NOON)
    assert (again.is_prepared, again.numbers) == (True, {"a": 5})
