"""What people give beside the checks, as arithmetic: any events, any rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gradus.courses.late import LatePolicy
from gradus.gradebook.grades import Event, grade_of

POINTS = st.integers(0, 20_000).map(lambda thousandths: Decimal(thousandths) / 1000)
DAYS = st.integers(0, 6)
CHECKS: Any = st.lists(st.tuples(st.integers(1, 4), POINTS, DAYS), min_size=1, max_size=6)
PEOPLE: Any = st.lists(st.tuples(st.integers(1, 4), POINTS, DAYS), max_size=4)
RULES = st.sampled_from(["best", "latest", "average"])
LATE = st.builds(
    LatePolicy, percent_per_day=st.integers(0, 40).map(Decimal),
    most_percent=st.integers(0, 100).map(Decimal), most_late_days=st.just(5),
)  # fmt: skip


def by_checks(rows: list[tuple[int, Decimal, int]]) -> list[Event]:
    return [Event(k, s, points, days_late=days) for k, (s, points, days) in enumerate(rows, 1)]


def by_people(rows: list[tuple[int, Decimal, int]]) -> list[Event]:
    return [
        Event(100 + k, s, points, days_late=days, is_human=True)
        for k, (s, points, days) in enumerate(rows)
    ]


@given(CHECKS, PEOPLE, RULES, LATE, DAYS)
def test_the_last_of_people_is_added_to_what_the_checks_make(
    checks: Any, people: Any, rule: str, late: LatePolicy, bank: int
) -> None:
    events = by_checks(checks) + by_people(people)
    alone = grade_of(by_checks(checks), rule, late, bank)
    both = grade_of(events, rule, late, bank, has_human=True)
    assert alone is not None
    assert both is not None
    if not people:
        assert both == alone._replace(is_provisional=True, awaits_human=True)
        return
    _, points, days = people[-1]
    given_ = late.kept(points, max(0, days - bank))
    assert (both.human, both.points) == (given_, alone.points + given_)
    whole = (alone.points if alone.before is None else alone.before) + points
    assert (both.points if both.before is None else both.before) == whole
    assert both.submission_id == alone.submission_id
    assert not both.awaits_human


@given(CHECKS, PEOPLE, RULES, LATE, DAYS, POINTS)
def test_a_mark_by_hand_wins_over_both_and_its_undo_brings_both_back(
    checks: Any, people: Any, rule: str, late: LatePolicy, bank: int, points: Decimal
) -> None:
    events = by_checks(checks) + by_people(people)
    before = grade_of(events, rule, late, bank, has_human=True)
    override = Event(200, None, points)
    changed = grade_of([*events, override], rule, late, bank, has_human=True)
    assert changed is not None
    assert (changed.points, changed.is_override, changed.awaits_human) == (points, True, False)
    undo = Event(201, None, Decimal(0), undoes=200)
    assert grade_of([*events, override, undo], rule, late, bank, has_human=True) == before


@given(CHECKS, PEOPLE, RULES, LATE, DAYS)
def test_a_late_day_more_never_costs_points(
    checks: Any, people: Any, rule: str, late: LatePolicy, bank: int
) -> None:
    events = by_checks(checks) + by_people(people)
    fewer = grade_of(events, rule, late, bank, has_human=True)
    more = grade_of(events, rule, late, bank + 1, has_human=True)
    assert fewer is not None
    assert more is not None
    assert fewer.points <= more.points


@given(CHECKS, RULES, LATE, DAYS, POINTS)
def test_a_regrade_taken_back_changes_the_checks_alone(
    checks: Any, rule: str, late: LatePolicy, bank: int, points: Decimal
) -> None:
    events = by_checks(checks) + by_people([(1, Decimal(3), 0)])
    before = grade_of(events, rule, late, bank, has_human=True)
    regrade = Event(300, checks[0][0], points, days_late=checks[0][2])
    regraded = grade_of([*events, regrade], rule, late, bank, has_human=True)
    assert regraded is not None
    assert regraded.human == 3
    reverse = Event(301, checks[0][0], points, undoes=300)
    assert grade_of([*events, regrade, reverse], rule, late, bank, has_human=True) == before
