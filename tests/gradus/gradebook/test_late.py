"""Late work: what is deducted, and how late days cover it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.courses.late import LatePolicy
from gradus.gradebook.grades import Event, grade_of

PERCENTS = st.decimals(0, 100, places=2)
POINTS = st.decimals(0, 100, places=3)


def policy(percent: object = 10, most: object = 100) -> LatePolicy:
    return LatePolicy(percent_per_day=Decimal(str(percent)), most_percent=Decimal(str(most)))


def late(number: int, points: object, days: int) -> Event:
    return Event(number, 10 + number, Decimal(str(points)), days_late=days)


@pytest.mark.parametrize(
    ("days", "points"), [(0, "8"), (1, "7.2"), (2, "6.4"), (10, "0"), (11, "0"), (10**6, "0")]
)
def test_each_begun_day_takes_a_share_of_the_points(days: int, points: str) -> None:
    assert policy().kept(Decimal(8), days) == Decimal(points)


def test_the_deduction_has_a_most() -> None:
    assert policy(10, 25).kept(Decimal(8), 9) == Decimal(6)


@given(POINTS, PERCENTS, PERCENTS, st.integers(0, 400), st.integers(0, 400))
def test_later_is_never_worth_more_and_nothing_is_below_zero(
    points: Decimal, percent: Decimal, most: Decimal, days: int, more: int
) -> None:
    rule = policy(percent, most)
    early, later = rule.kept(points, days), rule.kept(points, days + more)
    assert 0 <= later <= early <= points
    assert early * 100 == points * (100 - rule.percent_off(days))  # exact, nothing is rounded


def test_a_weak_submission_in_time_can_beat_a_strong_late_one() -> None:
    grade = grade_of([late(1, 8, 0), late(2, 10, 3)], "best", policy())
    assert grade is not None
    assert (grade.points, grade.submission_id, grade.before) == (Decimal(8), 11, None)


def test_late_days_cover_the_first_days() -> None:
    events = [late(1, 8, 0), late(2, 10, 3)]
    grade = grade_of(events, "best", policy(), late_days=2)
    assert grade is not None
    assert (grade.points, grade.before) == (Decimal(9), Decimal(10))
    assert (grade.days_late, grade.days_charged) == (3, 1)


@pytest.mark.parametrize(
    ("counting", "points", "before"), [("latest", "7", "10"), ("average", "7.5", "9")]
)
def test_the_deduction_is_of_each_submission(counting: str, points: str, before: str) -> None:
    grade = grade_of([late(1, 8, 0), late(2, 10, 3)], counting, policy())
    assert grade is not None
    assert (grade.points, grade.before) == (Decimal(points), Decimal(before))


def test_an_override_is_not_deducted_from() -> None:
    events = [late(1, 8, 3), Event(2, None, Decimal(7), days_late=3)]
    grade = grade_of(events, "best", policy())
    assert grade is not None
    assert (grade.points, grade.before) == (Decimal(7), None)


EVENTS: Any = st.lists(
    st.builds(
        Event, st.integers(1, 50), st.integers(1, 4), POINTS, days_late=st.integers(0, 9),
        undoes=st.none(), is_human=st.just(False),
    ),
    min_size=1, max_size=8, unique_by=lambda event: event.id,
)  # fmt: skip


@given(EVENTS, st.sampled_from(["best", "latest", "average"]), PERCENTS, st.integers(0, 9))
def test_a_late_day_more_never_costs_points(
    events: list[Event], counting: str, percent: Decimal, days: int
) -> None:
    fewer = grade_of(events, counting, policy(percent), days)
    more = grade_of(events, counting, policy(percent), days + 1)
    assert fewer is not None
    assert more is not None
    assert fewer.points <= more.points
