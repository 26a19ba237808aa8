"""From grade events to the points that count. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """The part of a grade event that counts."""

    id: int
    submission_id: int | None  # none: an override by a person
    points: Decimal
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    points: Decimal
    is_provisional: bool
    is_override: bool = False


def grade_of(events: Iterable[Event], counting: str) -> Grade | None:
    """The points of one student for one item; None without an event.

    A submission's last event is its result (a regrade or a speed part replaces earlier ones). The
    last override wins over all submissions. `counting` is best, latest or average over submissions.
    """
    last: dict[int, Event] = {}
    override: Event | None = None
    for event in sorted(events, key=lambda event: event.id):
        if event.submission_id is None:
            override = event
        else:
            last[event.submission_id] = event
    if override is not None:
        return Grade(override.points, is_provisional=False, is_override=True)
    if not last:
        return None
    results = [last[submission_id] for submission_id in sorted(last)]
    provisional = any(event.is_provisional for event in results)
    if counting == "latest":
        return Grade(results[-1].points, results[-1].is_provisional)
    if counting == "average":
        mean = sum((event.points for event in results), Decimal(0)) / len(results)
        return Grade(mean.quantize(Decimal("0.001"), ROUND_HALF_UP), provisional)
    best = max(results, key=lambda event: event.points)
    return Grade(best.points, best.is_provisional)
