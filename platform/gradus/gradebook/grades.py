"""From grade events to the points that count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """The part of a grade event that counts."""

    id: int
    submission_id: int | None  # none: an override by a person, or what takes one back
    points: Decimal
    is_provisional: bool = False
    undoes: int | None = None  # the id of the override that this event takes back


@dataclass(frozen=True, slots=True)
class Grade:
    points: Decimal
    is_provisional: bool
    is_override: bool = False


def grade_of(events: Iterable[Event], counting: str) -> Grade | None:
    """The points of one student for one item; None without an event.

    A submission's last event is its result (a regrade or a speed part replaces earlier ones). The
    last override that was not taken back wins over all submissions, which else count by `counting`:
    best, latest or average.
    """
    ordered = sorted(events, key=lambda event: event.id)
    last = {event.submission_id: event for event in ordered if event.submission_id is not None}
    override = override_of(ordered)
    if override is not None:
        return Grade(override.points, is_provisional=False, is_override=True)
    if not last:
        return None
    if len(last) == 1:
        (only,) = last.values()
        return Grade(only.points, only.is_provisional)
    results = [last[submission_id] for submission_id in sorted(last)]
    provisional = any(event.is_provisional for event in results)
    if counting == "latest":
        return Grade(results[-1].points, results[-1].is_provisional)
    if counting == "average":
        mean = sum((event.points for event in results), Decimal(0)) / len(results)
        return Grade(mean.quantize(Decimal("0.001"), ROUND_HALF_UP), provisional)
    best = max(results, key=lambda event: event.points)
    return Grade(best.points, best.is_provisional)


def override_of(ordered: Sequence[Event]) -> Event | None:
    """The override that is in force; None where there is none, or all were taken back."""
    by_hand = [event for event in ordered if event.submission_id is None]
    if not by_hand:
        return None
    undone = {event.undoes for event in by_hand}
    return next((e for e in reversed(by_hand) if e.undoes is None and e.id not in undone), None)


def rounded(points: Decimal) -> Decimal:
    """Two decimals, half up: what every page and every export shows."""
    return points.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Part:
    """One assignment of a total, for one student."""

    weight: Decimal
    points: Decimal
    max_points: Decimal  # of the items that count


def total_percent(parts: Iterable[Part]) -> Decimal | None:
    """The weighted mean of the assignments' shares, in percent; None where nothing counts yet."""
    counting = [part for part in parts if part.max_points and part.weight]
    weight = sum((part.weight for part in counting), Decimal(0))
    if not weight:
        return None
    shares = (part.weight * part.points / part.max_points for part in counting)
    return rounded(100 * sum(shares, Decimal(0)) / weight)
