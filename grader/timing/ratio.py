"""What paired times say about a ratio: pure arithmetic, no clock.

A ratio is baseline time / student time of one pair; higher is better. The statistic is the median
of the pair ratios, which neither drift of the host nor a single slow pair moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean, median, stdev

MIN_PAIRS = 5
MAX_PAIRS = 31
CLEAR = 1.2  # an interval is clear of a threshold when it ends this factor away from it
CLOSE = 1.1  # a median within this factor of a threshold is confirmed by a second session
EXACT = 0.05  # an interval is exact when it is at most twice that wide, as a share of the median
NOISY = 0.10  # coefficient of variation of the pair ratios above which a host is called noisy

Thresholds = Sequence[tuple[float, float]]


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """Return bounds that hold the true median with at least 93 % probability.

    Order statistics, so for any distribution: ratios fall on either side of the true median like
    coins.
    """
    ordered = sorted(ratios)
    rank = _rank(len(ordered))
    return ordered[rank], ordered[len(ordered) - 1 - rank]


@lru_cache(maxsize=64)
def _rank(count: int) -> int:
    """Return the largest rank r (0-based) for which [r, count-1-r] still covers 93 %."""
    outside, rank = 0.0, 0
    for r in range(count // 2):
        outside += math.comb(count, r) / 2**count
        if 2 * outside > 0.07:
            break
        rank = r
    return rank


def is_clear(ratios: Sequence[float], thresholds: Thresholds) -> bool:
    """Tell whether more pairs cannot change the points: every threshold is far away."""
    if len(ratios) < MIN_PAIRS:
        return False
    low, high = interval(ratios)
    return all(low > value * CLEAR or high < value / CLEAR for value, _ in thresholds)


def is_exact(ratios: Sequence[float]) -> bool:
    """Tell whether more pairs would hardly move the median."""
    low, high = interval(ratios)
    return high - low <= 2 * EXACT * middle(ratios)


def is_close_call(value: float, thresholds: Thresholds) -> bool:
    """Tell whether a second session must confirm the value."""
    return any(level / CLOSE <= value <= level * CLOSE for level, _ in thresholds)


def is_noisy(ratios: Sequence[float]) -> bool:
    """Tell whether the pairs scatter more than an idle host would let them."""
    return len(ratios) >= 2 and stdev(ratios) > NOISY * fmean(ratios)


def share(value: float, thresholds: Thresholds, *, lower_is_better: bool = False) -> float:
    """Return the share of the points that a value earns: the best one whose threshold is reached.

    A value that is NaN reaches nothing.
    """
    reached = [
        part
        for level, part in thresholds
        if (value <= level if lower_is_better else value >= level)
    ]
    return max(reached, default=0.0)


def middle(ratios: Sequence[float]) -> float:
    return float(median(ratios))
