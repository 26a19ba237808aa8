"""From grade events to the points that count. Pure; nothing is rounded but by `rounded`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import NamedTuple

from gradus.courses.late import NOT_LATE, LatePolicy

_NUMBER = attrgetter("id")


class Event(NamedTuple):
    """The part of a grade event that counts."""

    id: int
    submission_id: int | None  # none: an override by a person, or what takes one back
    points: Decimal
    is_provisional: bool = False
    undoes: int | None = None  # the id of the override or regrade that this event takes back
    days_late: int = 0  # begun after this student's deadline
    is_human: bool = False  # of the part that people mark; the submission is the one they read


class Grade(NamedTuple):
    """What one student has for one item."""

    points: Decimal
    is_provisional: bool = False
    is_override: bool = False
    submission_id: int | None = None  # the one that counts; none: several, or an override
    before: Decimal | None = None  # points before a deduction; none: nothing was deducted
    days_late: int = 0  # of the submission that counts
    days_charged: int = 0  # of these, not covered by late days
    human: Decimal | None = None  # of these points, by people; none: no such part, or not told yet
    awaits_human: bool = False  # there is such a part, and students are not told it yet


def grade_of(
    events: Iterable[Event],
    counting: str,
    late: LatePolicy = NOT_LATE,
    late_days: int = 0,
    *,
    has_human: bool = False,
) -> Grade | None:
    """The points of one student for one item; None without an event.

    A submission's last event is its result (a regrade or a speed part replaces earlier ones, unless
    the regrade was taken back), less what is deducted for the days that it is late, but for the
    first `late_days` of them. The last override that was not taken back wins over all submissions,
    which else count by `counting`: best, latest or average. With `has_human`, the last mark of the
    part that people mark is added, less what is deducted for the submission that they read.
    """
    ordered = list(events)
    if len(ordered) > 1:
        ordered.sort(key=_NUMBER)
    elif ordered and ordered[0].submission_id is not None and not has_human:
        return _result(ordered[0], late, late_days)  # of nearly every mark
    override = override_of(ordered)
    if override is not None:
        return Grade(override.points, is_override=True)
    last = last_of(ordered)
    if not last:
        return None
    automatic = _counting(last, counting, late, late_days)
    if not has_human:
        return automatic
    human = next((event for event in reversed(ordered) if event.is_human), None)
    if human is None:
        return automatic._replace(is_provisional=True, awaits_human=True)
    return _with_human(automatic, _result(human, late, late_days))


def _counting(last: Mapping[int, Event], counting: str, late: LatePolicy, late_days: int) -> Grade:
    """What the results of all submissions make together."""
    results = [_result(last[number], late, late_days) for number in sorted(last)]
    if counting == "latest":
        return results[-1]
    if counting == "average" and len(results) > 1:
        return _average(results)
    return max(results, key=lambda grade: grade.points)


def last_of(ordered: Sequence[Event]) -> dict[int, Event]:
    """By submission, the event that is its result; `ordered` oldest first."""
    of_submissions = [e for e in ordered if e.submission_id is not None and not e.is_human]
    undone = {event.undoes for event in of_submissions if event.undoes is not None}
    return {
        event.submission_id: event
        for event in of_submissions
        if event.submission_id is not None and event.undoes is None and event.id not in undone
    }


def _result(event: Event, late: LatePolicy, late_days: int) -> Grade:
    if not event.days_late:  # nearly every one
        return Grade(event.points, event.is_provisional, submission_id=event.submission_id)
    charged = max(0, event.days_late - late_days)
    points = late.kept(event.points, charged)
    return Grade(
        points,
        event.is_provisional,
        submission_id=event.submission_id,
        before=None if points == event.points else event.points,
        days_late=event.days_late,
        days_charged=charged,
    )


def _with_human(automatic: Grade, human: Grade) -> Grade:
    whole = _before(automatic) + _before(human)
    points = automatic.points + human.points
    return automatic._replace(
        points=points, before=None if whole == points else whole, human=human.points
    )


def _average(results: Sequence[Grade]) -> Grade:
    count = len(results)
    points = sum((grade.points for grade in results), Decimal(0)) / count
    before = sum((_before(grade) for grade in results), Decimal(0)) / count
    return Grade(
        points,
        any(grade.is_provisional for grade in results),
        before=None if before == points else before,
    )


def _before(grade: Grade) -> Decimal:
    return grade.points if grade.before is None else grade.before


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
