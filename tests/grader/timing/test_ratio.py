from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.timing import ratio

RATIOS = st.lists(st.floats(1e-3, 1e3), min_size=5, max_size=31)
THRESHOLDS = [(15.0, 0.6), (60.0, 1.0)]


@given(RATIOS)
def test_the_interval_holds_the_median(ratios: list[float]) -> None:
    low, high = ratio.interval(ratios)
    assert min(ratios) <= low <= ratio.middle(ratios) <= high <= max(ratios)


@given(RATIOS, st.floats(0.1, 10))
def test_the_interval_scales_with_the_ratios(ratios: list[float], factor: float) -> None:
    low, high = ratio.interval(ratios)
    scaled = ratio.interval([factor * r for r in ratios])
    assert scaled == (factor * low, factor * high)


@pytest.mark.parametrize("pairs", [5, 9, 15, 31])
def test_the_interval_covers_the_true_median_in_93_of_100_cases(pairs: int) -> None:
    rng = random.Random(7)
    hits = 0
    for _ in range(4000):
        low, high = ratio.interval([rng.lognormvariate(0, 0.5) for _ in range(pairs)])
        hits += low <= 1.0 <= high
    assert hits / 4000 > 0.92  # 93 % less three standard errors


def test_fewer_than_five_pairs_are_never_clear() -> None:
    assert not ratio.is_clear([100.0] * 4, THRESHOLDS)
    assert ratio.is_clear([100.0] * 5, THRESHOLDS)


@pytest.mark.parametrize(
    ("value", "clear"), [(5.0, True), (14.0, False), (17.9, False), (18.1, True), (49.9, True),
                         (50.1, False), (71.9, False), (72.1, True)],
)  # fmt: skip
def test_clear_means_a_fifth_away_from_every_threshold(value: float, clear: bool) -> None:
    assert ratio.is_clear([value] * 5, THRESHOLDS) is clear


@pytest.mark.parametrize(("low", "high", "exact"), [(96, 104, True), (93, 104, False)])
def test_exact_means_an_interval_of_a_tenth(low: float, high: float, exact: bool) -> None:
    assert ratio.is_exact([low, 100.0, 100.0, 100.0, high]) is exact


@pytest.mark.parametrize(
    ("value", "near"), [(13.6, False), (13.7, True), (15.0, True), (16.4, True), (16.6, False)]
)
def test_a_close_call_is_within_a_tenth_of_a_threshold(value: float, near: bool) -> None:
    assert ratio.is_close_call(value, THRESHOLDS) is near


@given(RATIOS)
def test_what_is_clear_is_no_close_call(ratios: list[float]) -> None:
    if ratio.is_clear(ratios, THRESHOLDS):
        assert not ratio.is_close_call(ratio.middle(ratios), THRESHOLDS)


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, 0.0), (14.99, 0.0), (15.0, 0.6), (59.9, 0.6), (60.0, 1.0),
                            (math.inf, 1.0), (math.nan, 0.0)],
)  # fmt: skip
def test_a_ratio_earns_the_best_share_it_reaches(value: float, expected: float) -> None:
    assert ratio.share(value, THRESHOLDS) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(401, 0.0), (400, 0.5), (301, 0.5), (300, 1.0), (0, 1.0), (math.nan, 0)]
)
def test_a_count_is_better_when_lower(value: float, expected: float) -> None:
    thresholds = [(400.0, 0.5), (300.0, 1.0)]
    assert ratio.share(value, thresholds, lower_is_better=True) == expected


@given(st.floats(0, 1e3), st.floats(0, 1e3))
def test_more_speed_never_earns_less(one: float, other: float) -> None:
    slow, fast = sorted((one, other))
    assert ratio.share(slow, THRESHOLDS) <= ratio.share(fast, THRESHOLDS)


def test_scattered_pairs_are_noisy_and_steady_ones_are_not() -> None:
    assert ratio.is_noisy([1.0, 1.3, 0.7, 1.2, 0.8])
    assert not ratio.is_noisy([1.0, 1.02, 0.99, 1.01, 1.0])
