"""A mark by hand is an event; taking it back is another; nothing is edited."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from gradus.accounts.models import Letter
from gradus.courses import services as courses
from gradus.courses.models import Enrolment, Item
from gradus.gradebook import services
from gradus.gradebook.errors import GradeChanged, GradeRefused
from gradus.gradebook.history import History, history_of
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.overrides import override, undo
from gradus.gradebook.selectors import grades
from tests.people import NOON, Classroom, graded, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(classroom: Classroom) -> Item:
    return Item.objects.select_related("assignment").get(pk=classroom.item.pk)


def seen(student: Enrolment, item: Item) -> int:
    return history_of(student, item, NOON).seen


def change(classroom: Classroom, item: Item, points: str, reason: str = "why") -> GradeEvent:
    return override(
        student=classroom.ada, item=item, points=Decimal(points), reason=reason,
        actor=classroom.iris.user, seen=seen(classroom.ada, item), now=NOON,
    )  # fmt: skip


def take_back(classroom: Classroom, item: Item) -> GradeEvent:
    return undo(
        student=classroom.ada, item=item, actor=classroom.iris.user,
        seen=seen(classroom.ada, item), now=NOON,
    )  # fmt: skip


def points(classroom: Classroom, item: Item) -> Decimal | None:
    grade = grades([classroom.ada], NOON).get(item.pk)
    return grade.points if grade else None


def test_an_override_tells_old_new_who_and_why(classroom: Classroom, item: Item) -> None:
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    event = change(classroom, item, "7.5", "  half a check was wrong ")
    assert (event.old_points, event.points) == (Decimal(5), Decimal("7.5"))
    assert (event.actor, event.reason) == (classroom.iris.user, "half a check was wrong")
    assert event.created_at == NOON
    assert points(classroom, item) == Decimal("7.5")


def test_a_later_submission_does_not_move_an_override(classroom: Classroom, item: Item) -> None:
    change(classroom, item, "2")
    services.record_verdict(graded(classroom, 10.0).pk, now=NOON)
    assert points(classroom, item) == Decimal(2)


def test_each_undo_brings_back_what_was_there_before(classroom: Classroom, item: Item) -> None:
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    change(classroom, item, "7")
    change(classroom, item, "8")
    assert take_back(classroom, item).points == Decimal(7)
    assert points(classroom, item) == Decimal(7)
    assert take_back(classroom, item).points == Decimal(5)
    assert points(classroom, item) == Decimal(5)
    assert GradeEvent.objects.count() == 5
    with pytest.raises(GradeRefused, match="nothing to take back"):
        take_back(classroom, item)


def test_an_undo_may_leave_no_mark(classroom: Classroom, item: Item) -> None:
    change(classroom, item, "7")
    event = take_back(classroom, item)
    assert (event.old_points, event.points) == (Decimal(7), None)
    assert points(classroom, item) is None


def test_an_undo_lets_a_better_submission_since_then_count(
    classroom: Classroom, item: Item
) -> None:
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    change(classroom, item, "7")
    services.record_verdict(graded(classroom, 10.0, now=NOON + timedelta(hours=1)).pk, now=NOON)
    assert take_back(classroom, item).points == Decimal(10)


@pytest.mark.parametrize(
    ("value", "reason", "message"),
    [
        ("-0.001", "why", "from 0 to 10 points"),
        ("10.001", "why", "from 0 to 10 points"),
        ("NaN", "why", "from 0 to 10 points"),
        ("5", "  ", "Say why"),
        ("5", "x" * 2001, "at most 2,000"),
    ],
)
def test_refuses_points_out_of_range_and_no_reason(
    classroom: Classroom, item: Item, value: str, reason: str, message: str
) -> None:
    with pytest.raises(GradeRefused, match=message):
        change(classroom, item, value, reason)
    assert not GradeEvent.objects.exists()


@pytest.mark.parametrize("value", ["0", "10", "0.001", "9.999"])
def test_takes_every_mark_in_range(classroom: Classroom, item: Item, value: str) -> None:
    change(classroom, item, value)
    assert points(classroom, item) == Decimal(value)


def test_a_mark_that_changed_since_it_was_seen_is_not_changed(
    classroom: Classroom, item: Item
) -> None:
    before = seen(classroom.ada, item)
    change(classroom, item, "3")
    with pytest.raises(GradeChanged):
        override(
            student=classroom.ada, item=item, points=Decimal(9), reason="why",
            actor=classroom.tess.user, seen=before, now=NOON,
        )  # fmt: skip
    assert points(classroom, item) == Decimal(3)


def test_a_student_gets_no_mark_for_an_item_of_another_course(
    classroom: Classroom, item: Item
) -> None:
    other = courses.create_course(owner=person("una"), title="Vision")
    student = courses.enrol(course=other, user=classroom.olga, role="student")
    with pytest.raises(GradeRefused, match="another course"):
        override(
            student=student, item=item, points=Decimal(1), reason="why",
            actor=classroom.iris.user, seen=0, now=NOON,
        )  # fmt: skip


def test_the_database_refuses_an_undo_of_nothing_and_two_of_one(
    classroom: Classroom, item: Item
) -> None:
    first = change(classroom, item, "3")
    fields = {
        "enrolment": classroom.ada, "item": item, "source": "undo", "max_points": 10,
        "actor": classroom.iris.user, "reason": "why",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeEvent.objects.create(**fields)
    GradeEvent.objects.create(**fields, undoes=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeEvent.objects.create(**fields, undoes=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeEvent.objects.create(**{**fields, "source": "override"}, points=None)


def counted(history: History) -> list[tuple[Decimal | None, bool]]:
    return [(r.grade.points if r.grade else None, r.counts) for r in history.results]


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        ("best", [(Decimal(4), False), (Decimal(10), True), (Decimal(5), False)]),
        ("latest", [(Decimal(4), True), (Decimal(10), False), (Decimal(5), False)]),
        ("average", [(Decimal(4), True), (Decimal(10), True), (Decimal(5), True)]),
    ],
)
def test_the_history_marks_which_submissions_count(
    classroom: Classroom, item: Item, counting: str, expected: list[tuple[Decimal, bool]]
) -> None:
    Item.objects.filter(pk=item.pk).update(max_attempts=None)
    item.assignment.counting = counting
    item.assignment.save()
    classroom.item.refresh_from_db()
    for hour, worth in enumerate((5.0, 10.0, 4.0)):
        now = NOON + timedelta(hours=hour)
        services.record_verdict(graded(classroom, worth, now=now).pk, now=now)
    assert counted(history_of(classroom.ada, item, NOON)) == expected


def test_a_changed_mark_is_mailed_without_the_mark(classroom: Classroom, item: Item) -> None:
    change(classroom, item, "7.5")
    letter = Letter.objects.get()
    assert letter.user == classroom.ada.user
    assert "7.5" not in letter.text + letter.subject
    assert letter.path == f"/items/{item.pk}/"
    take_back(classroom, item)
    assert Letter.objects.count() == 2


def test_nothing_is_mailed_of_results_that_are_held(classroom: Classroom, item: Item) -> None:
    item.assignment.holds_feedback = True
    item.assignment.save()
    change(classroom, item, "7.5")
    assert not Letter.objects.exists()
