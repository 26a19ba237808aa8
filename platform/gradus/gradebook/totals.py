"""A course's total: groups by weight, the lowest dropped, late days where they help most. Pure.

Everything is exact (fractions); `percent` rounds once, half up. What to drop and where to spend
late days is chosen together, and is the best choice that there is: a share of full marks is a
quotient of sums, so the best quotient is found by Dinkelbach's method (1967) around a search over
assignments, days spent and assignments dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One assignment of one student."""

    id: int
    weight: Decimal
    max_points: Decimal  # of the items that count; extra credit and excused ones are not among them
    points: tuple[Decimal, ...]  # with 0, 1, 2, … of the student's late days spent on it


@dataclass(frozen=True, slots=True)
class Group:
    """Assignments of which the lowest do not count; one without a group is alone in its own."""

    weight: Decimal
    entries: tuple[Entry, ...]
    drop: int = 0
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What a group contributes."""

    share: Fraction  # of full marks; above 1 with extra credit
    dropped: frozenset[int] = frozenset()
    days: Mapping[int, int] = field(default_factory=dict)  # late days by assignment

    @property
    def days_used(self) -> int:
        return sum(self.days.values())


@dataclass(frozen=True, slots=True)
class Total:
    share: Fraction | None = None  # none: nothing counts yet
    scores: tuple[Score | None, ...] = ()  # as the groups; none: nothing of it counts
    weight: Fraction = Fraction(0)  # of the groups that count

    @property
    def percent(self) -> Decimal | None:
        return None if self.share is None else percent(self.share)

    @property
    def dropped(self) -> frozenset[int]:
        return frozenset().union(*(score.dropped for score in self.scores if score))

    @property
    def days(self) -> dict[int, int]:
        return {pk: n for score in self.scores if score for pk, n in score.days.items()}


def percent(share: Fraction) -> Decimal:
    """In percent with two decimals, half up."""
    hundredths = share * 10_000 + _HALF
    return Decimal(hundredths.numerator // hundredths.denominator).scaleb(-2)


def total_of(groups: Sequence[Group], late_days: int = 0) -> Total:
    """The best total with at most so many late days, and the fewest of them that reach it."""
    options = [_scores(group, late_days) for group in groups]
    counting = [(Fraction(g.weight), of) for g, of in zip(groups, options, strict=True) if of]
    weight = sum((w for w, _ in counting), Fraction(0))
    if not weight:
        return Total(scores=tuple(None for _ in groups))
    if all(len(of) == 1 for _, of in counting):  # no late day to deal out
        share = sum((own * of[0].share for own, of in counting), Fraction(0))
        return Total(share / weight, tuple(of[0] if of else None for of in options), weight)
    best: list[tuple[Fraction, tuple[Score, ...]]] = [(Fraction(0), ())]
    for own, of in counting:
        best = _joined(best, own, of, late_days)
    share, scores = max(best, key=lambda one: one[0])  # the first of equals: the fewest days
    chosen = iter(scores)
    return Total(share / weight, tuple(next(chosen) if of else None for of in options), weight)


def _joined(
    best: list[tuple[Fraction, tuple[Score, ...]]],
    weight: Fraction,
    scores: Sequence[Score],
    late_days: int,
) -> list[tuple[Fraction, tuple[Score, ...]]]:
    """The best sums by days spent, with one more group."""
    most = min(late_days, len(best) + len(scores) - 2)
    joined = []
    for days in range(most + 1):
        pairs = (
            (best[days - own][0] + weight * scores[own].share, best[days - own][1], scores[own])
            for own in range(min(days, len(scores) - 1) + 1)
            if days - own < len(best)
        )
        value, others, score = max(pairs, key=lambda pair: pair[0])
        joined.append((value, (*others, score)))
    return joined


def _scores(group: Group, late_days: int) -> list[Score]:
    """The best scores of a group with at most 0, 1, 2, … late days; empty: nothing counts."""
    entries = [entry for entry in group.entries if entry.weight and entry.max_points]
    if not entries or not group.weight:
        return []
    useful = sum(len(entry.points) - 1 for entry in entries)
    drop = min(group.drop, len(entries) - 1)
    if not useful and not drop:
        return [_plain(entries)]
    return _Search(entries, drop).best(min(late_days, useful))


def _plain(entries: Sequence[Entry]) -> Score:
    if len(entries) == 1:
        return Score(_quotient(entries[0].points[0], entries[0].max_points))
    weight = sum((entry.weight for entry in entries), Decimal(0))
    shares = (Fraction(e.weight) * _quotient(e.points[0], e.max_points) for e in entries)
    return Score(sum(shares, Fraction(0)) / Fraction(weight))


@lru_cache(maxsize=20_000)  # the same few marks in a class of a thousand
def _quotient(points: Decimal, of: Decimal) -> Fraction:
    return Fraction(points) / Fraction(of)


_Choice = tuple[int | None, ...]  # late days for each entry; none: it is dropped
_States = dict[tuple[int, int], tuple[int, _Choice]]  # by dropped and spent: worth and choice


class _Search:
    """Over what to drop and where to spend late days, in whole numbers."""

    def __init__(self, entries: Sequence[Entry], drop: int) -> None:
        self.entries = entries
        self.drop = drop
        weights = [Fraction(entry.weight) for entry in entries]
        shares = [[_quotient(p, e.max_points) for p in e.points] for e in entries]
        self.unit = lcm(*(share.denominator for of in shares for share in of))
        self.shares = [[int(share * self.unit) for share in of] for of in shares]
        scale = lcm(*(weight.denominator for weight in weights))
        self.weights = [int(weight * scale) for weight in weights]
        # Whatever is dropped, the weight of the rest is the same: one search serves all budgets.
        self.is_even = not drop or len(set(weights)) == 1

    def best(self, late_days: int) -> list[Score]:
        """The best scores with at most 0, 1, 2, … late days."""
        if self.is_even:
            states = self._states(late_days, 0, 1)
            return [self._score(_most(states, days)) for days in range(late_days + 1)]
        return [self._best_quotient(days) for days in range(late_days + 1)]

    def _best_quotient(self, late_days: int) -> Score:
        ours, all_weight = 0, 1  # the quotient to beat
        while True:
            choice = _most(self._states(late_days, ours, all_weight), late_days)
            top, bottom = self._quotient(choice)
            if top * all_weight <= ours * bottom:  # nothing is better
                return self._score(choice)
            ours, all_weight = top, bottom

    def _quotient(self, choice: _Choice) -> tuple[int, int]:
        kept = [(k, days) for k, days in enumerate(choice) if days is not None]
        top = sum(self.weights[k] * self.shares[k][days] for k, days in kept)
        return top, sum(self.weights[k] for k, _ in kept)

    def _score(self, choice: _Choice) -> Score:
        top, bottom = self._quotient(choice)
        spent = list(zip(self.entries, choice, strict=True))
        return Score(
            Fraction(top, bottom * self.unit),
            frozenset(entry.id for entry, days in spent if days is None),
            {entry.id: days for entry, days in spent if days},
        )

    def _states(self, late_days: int, ours: int, all_weight: int) -> _States:
        """The choices whose worth above the quotient is most, for each number dropped and spent."""
        states: _States = {(0, 0): (0, ())}
        for k, (weight, shares) in enumerate(zip(self.weights, self.shares, strict=True)):
            gains = [weight * (share * all_weight - ours) for share in shares]
            states = self._extended(states, gains, late_days, len(self.weights) - k - 1)
        return states

    def _extended(
        self, states: _States, gains: Sequence[int], late_days: int, left: int
    ) -> _States:
        """The same with one entry more; `left` are still to come."""
        found: _States = {}
        for (dropped, used), (worth, choice) in states.items():
            if dropped + left >= self.drop:
                for days, gain in enumerate(gains[: late_days - used + 1]):
                    key = (dropped, used + days)
                    if key not in found or worth + gain > found[key][0]:
                        found[key] = (worth + gain, (*choice, days))
            if dropped < self.drop:
                key = (dropped + 1, used)
                if key not in found or worth > found[key][0]:
                    found[key] = (worth, (*choice, None))
        return found


def _most(states: _States, late_days: int) -> _Choice:
    """The choice of most worth within the late days; of equals, the one that spends the fewest."""
    within = ((worth, -used, choice) for (_, used), (worth, choice) in states.items()
              if used <= late_days)  # fmt: skip
    return max(within, key=lambda one: one[:2])[2]
