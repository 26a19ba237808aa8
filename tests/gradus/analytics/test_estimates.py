"""Estimates agree with published values and with formulas written down a second time."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.analytics.estimates import difference, five, item_rest, share, wilson

Z = 1.959963984540054  # of the normal distribution's tables


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [  # Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_that_of_the_tables(k: int, n: int, low: float, high: float) -> None:
    found = wilson(k, n)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(
    ("k", "n", "others", "of_others", "low", "high"),
    [  # Newcombe 1998 (Statistics in Medicine 17, 873-890), table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_the_difference_of_shares_is_that_of_the_tables(
    k: int, n: int, others: int, of_others: int, low: float, high: float
) -> None:
    found = difference(k, n, others, of_others)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_ends_of_wilsons_interval_solve_its_equation(case: tuple[int, int]) -> None:
    k, n = case
    for end in wilson(k, n):
        if 0 < end < 1:
            assert abs(k / n - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / n), rel=1e-6)
    low, high = wilson(k, n)
    assert low <= k / n <= high
    mirrored = wilson(n - k, n)
    assert wilson(k, n).low == pytest.approx(1 - mirrored.high)


def test_a_share_of_nobody_is_none() -> None:
    assert share(0, 0) is None
    few, many = share(9, 9), share(10, 10)
    assert few is not None
    assert many is not None
    assert (few.is_firm, many.is_firm) == (False, True)


def test_anscombes_first_set_has_its_known_correlation() -> None:
    x = [10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    found = item_rest(x, y)
    assert found is not None
    assert found.r == pytest.approx(0.81642051634484, abs=1e-12)  # Anscombe 1973
    assert found.interval.low == pytest.approx(0.4243912, abs=1e-6)  # R: cor.test(x1, y1)
    assert found.interval.high == pytest.approx(0.9506933, abs=1e-6)


MARKS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1000)), min_size=10, max_size=60
).filter(lambda rows: len({a for a, _ in rows}) == 2 and len({b for _, b in rows}) > 1)


@given(MARKS)
def test_of_right_and_wrong_it_is_the_point_biserial_correlation(
    rows: list[tuple[int, int]],
) -> None:
    """(M1 - M0) / s · sqrt(n1 n0 / n²), with exact sums (Tate 1954)."""
    right = [Fraction(rest) for own, rest in rows if own]
    wrong = [Fraction(rest) for own, rest in rows if not own]
    both, n = right + wrong, len(rows)
    mean = sum(both) / n
    variance = sum((value - mean) ** 2 for value in both) / n
    gap = sum(right) / len(right) - sum(wrong) / len(wrong)
    expected = float(gap) / math.sqrt(variance) * math.sqrt(len(right) * len(wrong)) / n
    found = item_rest([float(own) for own, _ in rows], [float(rest) for _, rest in rows])
    assert found is not None
    assert found.r == pytest.approx(expected, abs=1e-9)
    assert found.interval.low <= found.r + 1e-9
    assert found.interval.high >= found.r - 1e-9


def test_nothing_is_claimed_of_few_students_or_equal_marks() -> None:
    assert item_rest([0.0, 1.0] * 4, [0.0, 1.0] * 4) is None
    assert item_rest([1.0] * 20, [float(k) for k in range(20)]) is None
    assert item_rest([float(k) for k in range(20)], [1.0] * 20) is None


def test_perfect_agreement_needs_no_logarithm_of_zero() -> None:
    marks = [float(k) for k in range(12)]
    found = item_rest(marks, marks)
    assert found is not None
    assert (found.r, found.interval) == (1, (1, 1))


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40))
def test_quartiles_are_those_of_type_seven(values: list[float]) -> None:
    """The position of quantile p is (n - 1) p, between neighbours by a straight line."""

    def at(p: float) -> float:
        ordered, place = sorted(values), (len(values) - 1) * p
        below = math.floor(place)
        above = min(below + 1, len(values) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    found = five(values)
    assert found is not None
    assert list(found) == pytest.approx([at(p) for p in (0, 0.25, 0.5, 0.75, 1)], abs=1e-9)
    assert sorted(found) == pytest.approx(list(found), abs=1e-9)


def test_no_values_have_no_quartiles() -> None:
    assert five([]) is None
