from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.gradebook.grades import Event, Grade, grade_of, rounded


def event(number: int, submission: int | None, points: int, provisional: bool = False) -> Event:
    return Event(number, submission, Decimal(points), provisional)


@pytest.mark.parametrize(("counting", "points"), [("best", 9), ("latest", 4), ("average", "5.67")])
def test_counts_by_the_assignments_rule(counting: str, points: object) -> None:
    events = [event(1, 11, 4), event(2, 12, 9), event(3, 13, 4)]
    grade = grade_of(events, counting)
    assert grade is not None
    assert rounded(grade.points) == Decimal(str(points))


def test_no_event_is_no_grade() -> None:
    assert grade_of([], "best") is None


def test_the_last_event_of_a_submission_replaces_its_earlier_ones() -> None:
    grade = grade_of([event(1, 11, 9), event(2, 11, 3)], "best")
    assert grade is not None
    assert grade.points == 3


def test_a_late_speed_event_of_an_old_submission_does_not_make_it_the_latest() -> None:
    grade = grade_of([event(1, 11, 9), event(2, 12, 5), event(3, 11, 2)], "latest")
    assert grade is not None
    assert grade.points == 5


def test_the_last_override_wins() -> None:
    grade = grade_of([event(1, None, 7), event(2, None, 2), event(3, 11, 9)], "best")
    assert grade is not None
    assert (grade.points, grade.is_override) == (Decimal(2), True)


EVENTS = st.lists(
    st.builds(
        event,
        st.integers(1, 1000),
        st.integers(1, 4),
        st.integers(0, 20),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(EVENTS, st.sampled_from(["best", "latest", "average"]), st.randoms())
def test_the_order_of_rows_does_not_matter_and_best_bounds_the_others(
    events: list[Event], counting: str, random: Random
) -> None:
    grade, best = grade_of(events, counting), grade_of(events, "best")
    shuffled = list(events)
    random.shuffle(shuffled)
    assert grade_of(shuffled, counting) == grade
    assert grade is not None
    assert best is not None
    assert grade.points <= best.points


def test_an_override_that_was_taken_back_counts_no_more() -> None:
    events = [
        event(1, 11, 9),
        event(2, None, 7),
        event(3, None, 2),
        Event(4, None, Decimal(0), undoes=3),
    ]
    assert grade_of(events, "best") == Grade(Decimal(7), is_override=True)
    events.append(Event(5, None, Decimal(0), undoes=2))
    assert grade_of(events, "best") == Grade(Decimal(9), submission_id=11)


@pytest.mark.parametrize(
    ("value", "shown"), [("0.005", "0.01"), ("0.004", "0.00"), ("2.675", "2.68"), ("1.115", "1.12")]
)
def test_points_are_rounded_half_up(value: str, shown: str) -> None:
    assert str(rounded(Decimal(value))) == shown
