"""Estimates with their uncertainty. Pure; each formula with its source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, correlation, quantiles
from typing import NamedTuple

LEAST = 10  # students; nothing is claimed of fewer
LEVEL = 0.95


class Interval(NamedTuple):
    low: float
    high: float


class Share(NamedTuple):
    """k of n."""

    k: int
    n: int

    @property
    def interval(self) -> Interval:
        return wilson(self.k, self.n)

    @property
    def value(self) -> float:
        return self.k / self.n

    @property
    def is_firm(self) -> bool:
        return self.n >= LEAST


class Correlation(NamedTuple):
    r: float
    n: int
    interval: Interval


class Five(NamedTuple):
    """What a box shows."""

    least: float
    lower: float  # quartile
    median: float
    upper: float
    most: float


def z_of(level: float) -> float:
    """Two-sided: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(k: int, n: int, level: float = LEVEL) -> Interval:
    """Interval of a share (Wilson 1927, "Probable inference, the law of succession").

    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Unlike the normal one it is never empty,
    and stays within 0 and 1, also for k = 0 and k = n.
    """
    if n == 0:
        return Interval(0.0, 1.0)
    z, p = z_of(level), k / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return Interval(0.0 if k == 0 else low, 1.0 if k == n else high)


def share(k: int, n: int) -> Share | None:
    return Share(k, n) if n else None


def difference(k: int, n: int, others: int, of_others: int, level: float = LEVEL) -> Interval:
    """Interval of k/n - others/of_others (Newcombe 1998, method 10: from two Wilson intervals)."""
    one, two = wilson(k, n, level), wilson(others, of_others, level)
    p, q = k / n, others / of_others
    down = math.hypot(p - one.low, two.high - q)
    up = math.hypot(one.high - p, q - two.low)
    return Interval(p - q - down, p - q + up)


def item_rest(own: Sequence[float], rest: Sequence[float]) -> Correlation | None:
    """Discrimination: the correlation of the marks for an item with those for everything else.

    Pearson's r with the item left out of the total (corrected item-total correlation, Nunnally
    1967); where the item has only two marks it is the point-biserial one. The interval is Fisher's
    (1921): tanh(artanh r ± z/sqrt(n-3)). None for fewer than LEAST students, or marks all equal.
    """
    n = len(own)
    if n < LEAST or min(own) == max(own) or min(rest) == max(rest):
        return None
    r = max(-1.0, min(1.0, correlation(own, rest)))
    if abs(r) > 1 - 1e-12:
        return Correlation(round(r), n, Interval(round(r), round(r)))
    half = z_of(LEVEL) / math.sqrt(n - 3)
    middle = math.atanh(r)
    return Correlation(r, n, Interval(math.tanh(middle - half), math.tanh(middle + half)))


def five(values: Sequence[float]) -> Five | None:
    """Least, quartiles, most; quartiles as Hyndman and Fan (1996) type 7, as spreadsheets do."""
    if not values:
        return None
    if len(values) == 1:
        return Five(*[values[0]] * 5)
    lower, middle, upper = quantiles(values, n=4, method="inclusive")
    return Five(min(values), lower, middle, upper, max(values))
