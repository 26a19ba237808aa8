"""Taking a run back: one transaction that restores everything and edits nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gradus.accounts.models import Letter
from gradus.courses.models import Assignment, Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.history import history_of
from gradus.gradebook.marks import student_marks
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.overrides import override
from gradus.regrades.errors import RegradeRefused
from gradus.submissions.models import Submission
from gradus.submissions.selectors import standing
from tests.gradus.regrades.conftest import Desk
from tests.people import NOON

pytestmark = pytest.mark.django_db


def test_a_version_that_moved_on_since_is_left_alone(desk: Desk) -> None:
    desk.graded(5)
    newer = desk.newer()
    run = desk.start(version=newer)
    desk.grade(run, 8)
    desk.apply(run, move_items=True)
    newest = newer
    newest.pk, newest.digest = None, "sha256:" + "d" * 64
    newest.save()
    Item.objects.filter(pk=desk.item.pk).update(version=newest)
    desk.reverse(run)
    assert desk.item.version == newest


def test_reversing_restores_and_edits_nothing(desk: Desk) -> None:
    sent = desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    assert desk.reverse(run) == 1
    assert desk.mark() == 5
    assert [e.source for e in GradeEvent.objects.order_by("pk")] == [
        "verdict",
        "regrade",
        "reverse",
    ]
    shown = standing(Submission.objects.get(pk=sent.pk), desk.classroom.ada, NOON)
    assert shown.points == 5
    assert gradebook.sweep(now=NOON) == 0
    with pytest.raises(RegradeRefused, match="Only a run that is applied"):
        desk.reverse(run)
    assert Letter.objects.count() == 2


def test_taking_a_run_back_tells_only_those_whose_mark_changes_by_it(desk: Desk) -> None:
    desk.graded(8)
    desk.graded(5)
    desk.graded(5, desk.classroom.ben)
    run = desk.start()
    desk.grade(run, 8, 6, 9)  # the best of ada's stays
    desk.apply(run)
    Letter.objects.all().delete()
    desk.reverse(run)
    assert [letter.user for letter in Letter.objects.all()] == [desk.classroom.ben.user]


def test_who_has_a_mark_set_by_hand_is_not_told_of_a_run_that_is_taken_back(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    override(
        student=desk.classroom.ada, item=desk.item, points=Decimal(6), reason="why",
        actor=desk.classroom.iris.user, now=NOON,
        seen=history_of(desk.classroom.ada, desk.item, NOON).seen,
    )  # fmt: skip
    Letter.objects.all().delete()
    desk.reverse(run)
    assert not Letter.objects.exists()


def test_a_later_run_over_the_same_result_is_taken_back_first(desk: Desk) -> None:
    desk.graded(5)
    first = desk.start()
    desk.grade(first, 7)
    desk.apply(first)
    second = desk.start()
    desk.grade(second, 9)
    desk.apply(second)
    with pytest.raises(RegradeRefused, match=f"Run {second.pk} regraded the same"):
        desk.reverse(first)
    assert desk.mark() == 9
    desk.reverse(second)
    assert desk.mark() == 7
    desk.reverse(first)
    assert desk.mark() == 5


def points() -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 2.5, 5.0, 7.5, 10.0])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    counting=st.sampled_from(["best", "latest", "average"]),
    first=st.tuples(points(), points()),
    second=st.tuples(points(), points()),
    by_hand=st.none() | points(),
    lowers=st.booleans(),
    late=st.booleans(),
)
@example(counting="best", first=(7.5, 5.0), second=(5.0, 7.5), by_hand=None, lowers=True, late=True)
@example(
    counting="average", first=(10.0, 0.0), second=(0.0, 5.0), by_hand=2.5, lowers=False, late=False
)
def test_properties_of_applying_and_reversing(
    desk: Desk,
    counting: str,
    first: tuple[float, float],
    second: tuple[float, float],
    by_hand: float | None,
    lowers: bool,
    late: bool,
) -> None:
    with transaction.atomic():
        _check(desk, counting, first, second, by_hand, lowers=lowers, late=late)
        transaction.set_rollback(True)


def _check(
    desk: Desk,
    counting: str,
    first: tuple[float, float],
    second: tuple[float, float],
    by_hand: float | None,
    *,
    lowers: bool,
    late: bool,
) -> None:
    Assignment.objects.update(counting=counting, late_percent=Decimal(25))
    if late:
        Assignment.objects.update(
            due_at=NOON - timedelta(hours=1), late_until=NOON + timedelta(days=2)
        )
    desk.classroom.assignment.refresh_from_db()
    for one in first:
        desk.graded(one)
    ada, item = desk.classroom.ada, desk.item
    if by_hand is not None:
        seen = history_of(ada, item, NOON).seen
        override(
            student=ada, item=item, points=Decimal(by_hand), reason="why",
            actor=desk.classroom.iris.user, seen=seen, now=NOON,
        )  # fmt: skip
    before = student_marks([ada], NOON)[ada.pk].grades.get(item.pk)
    run = desk.start()
    desk.grade(run, *second)
    if lowers:
        desk.lower(run)
    (row,) = desk.preview(run).rows
    desk.apply(run)
    after = student_marks([ada], NOON)[ada.pk].grades.get(item.pk)
    assert before is not None
    assert after is not None
    if row.is_applied:  # what was shown is what there is
        assert after == row.new
    else:
        assert after == before
    if by_hand is not None:
        assert after == before
    if not lowers:
        assert after.points >= before.points
    desk.reverse(run)
    assert student_marks([ada], NOON)[ada.pk].grades.get(item.pk) == before
