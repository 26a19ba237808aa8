"""Totals: by hand, and against every choice that there is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.gradebook.totals import Entry, Group, percent, total_of


def entry(number: int, points: object, most: object = 10, weight: object = 1) -> Entry:
    options = points if isinstance(points, list) else [points]
    return Entry(
        number, Decimal(str(weight)), Decimal(str(most)), tuple(Decimal(str(p)) for p in options)
    )


def group(*entries: Entry, weight: object = 1, drop: int = 0) -> Group:
    return Group(Decimal(str(weight)), entries, drop)


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ([], None),
        ([group(entry(1, 5), weight=0)], None),
        ([group(entry(1, 0, 0))], None),
        ([group(entry(1, 5))], "50.00"),
        ([group(entry(1, 5)), group(entry(2, 10), weight=3)], "87.50"),
        ([group(entry(1, 5)), group(entry(2, 0, 0), weight=3)], "50.00"),
        ([group(entry(1, 1, 3))], "33.33"),
        ([group(entry(1, 2, 3))], "66.67"),
        ([group(entry(1, 12))], "120.00"),
        ([group(entry(1, 2), entry(2, 10), entry(3, 6), drop=1)], "80.00"),
        ([group(entry(1, 2), drop=1)], "20.00"),  # the last one is never dropped
        ([group(entry(1, 5), entry(2, 10, weight=3))], "87.50"),
    ],
)
def test_totals_by_hand(groups: list[Group], shown: str | None) -> None:
    found = total_of(groups).percent
    assert found == (None if shown is None else Decimal(shown))


def test_what_is_dropped_is_not_always_the_lowest_share() -> None:
    # Without the heavy 60 % the rest is (100 + 55) / 2; without the light 55 % it is less.
    heavy, light, full = entry(1, 6, weight=10), entry(2, "5.5"), entry(3, 10)
    found = total_of([group(heavy, light, full, drop=1)])
    assert found.dropped == {1}
    assert found.percent == Decimal("77.50")


def test_late_days_go_where_they_help_most_and_no_day_is_wasted() -> None:
    first = entry(1, [8, "8.8"])  # a day gives 0.8 of 10
    second = entry(2, [5, 5, 9])  # the first day nothing, the second 4 of 10
    found = total_of([group(first), group(second)], late_days=2)
    assert found.days == {2: 2}
    assert total_of([group(first), group(second)], late_days=1).days == {1: 1}
    assert total_of([group(first), group(second)], late_days=9).days == {1: 1, 2: 2}
    assert total_of([group(entry(1, [5, 5]))], late_days=9).days == {}


def test_no_late_day_is_spent_on_what_is_dropped() -> None:
    found = total_of([group(entry(1, [1, 2]), entry(2, [8, 9]), drop=1)], late_days=1)
    assert found.days == {2: 1}
    assert found.dropped == {1}


@pytest.mark.parametrize("share", ["0.00005", "0.12345", "0.99995", "1.00015", "0", "1/3"])
def test_percents_are_rounded_once_half_up(share: str) -> None:
    exact = Fraction(share)
    decimal = Decimal(exact.numerator) / exact.denominator * 100
    assert percent(exact) == decimal.quantize(Decimal("0.01"), ROUND_HALF_UP)


ENTRIES: Any = st.builds(
    lambda weight, most, points: (weight, most, sorted(points)),
    st.sampled_from([0, 1, 1, 1, 2, "0.5"]),
    st.sampled_from([0, 3, 10, 10, "7.5"]),
    st.lists(st.decimals(0, 12, places=1), min_size=1, max_size=3),
)
GROUPS: Any = st.lists(
    st.tuples(st.lists(ENTRIES, max_size=4), st.sampled_from([0, 1, 1, 3]), st.integers(0, 3)),
    max_size=3,
)


def brute(groups: list[Group], late_days: int) -> Fraction | None:
    """The best over every way to drop and to spend."""
    options = [_choices(g) for g in groups]
    weight = sum(Fraction(g.weight) for g, of in zip(groups, options, strict=True) if of)
    if not weight:
        return None
    counting = [(Fraction(g.weight), of) for g, of in zip(groups, options, strict=True) if of]
    return max(
        sum(w * share for (w, _), (share, _) in zip(counting, picks, strict=True)) / weight
        for picks in product(*(of for _, of in counting))
        if sum(days for _, days in picks) <= late_days
    )


def _choices(group: Group) -> set[tuple[Fraction, int]]:
    """Share and days of each way."""
    counting = [e for e in group.entries if e.weight and e.max_points]
    if not counting or not group.weight:
        return set()
    kept_count = len(counting) - min(group.drop, len(counting) - 1)
    found = set()
    for kept in combinations(counting, kept_count):
        weight = sum(Fraction(e.weight) for e in kept)
        for days in product(*(range(len(e.points)) for e in kept)):
            shares = (
                Fraction(e.weight) * Fraction(e.points[n]) / Fraction(e.max_points)
                for e, n in zip(kept, days, strict=True)
            )
            found.add((sum(shares, Fraction(0)) / weight, sum(days)))
    return found


@settings(max_examples=150)
@given(GROUPS, st.integers(0, 4))
def test_no_other_choice_is_better(shapes: Any, late_days: int) -> None:
    number = iter(range(100))
    groups = [
        group(*(entry(next(number), p, m, w) for w, m, p in entries), weight=weight, drop=drop)
        for entries, weight, drop in shapes
    ]
    if prod(len(_choices(g)) or 1 for g in groups) > 30_000:
        return
    found = total_of(groups, late_days)
    assert found.share == brute(groups, late_days)
    assert sum(found.days.values()) <= late_days
    if found.days:  # no day is spent for nothing
        assert found.share != brute(groups, sum(found.days.values()) - 1)
    for one, score in zip(groups, found.scores, strict=True):
        if score is None:
            continue
        points = {e.id: e for e in one.entries if e.weight and e.max_points}
        kept = [e for pk, e in points.items() if pk not in score.dropped]
        weight = sum(Fraction(e.weight) for e in kept)
        own = sum(
            Fraction(e.weight)
            * Fraction(e.points[score.days.get(e.id, 0)])
            / Fraction(e.max_points)
            for e in kept
        )
        assert score.share == own / weight  # what is said to be dropped and spent makes the share
