"""Arithmetic with what a clock on a wall shows: a day later is the same time on the next day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def shift(moment: datetime, zone: ZoneInfo, distance: timedelta) -> datetime:
    """The moment when a clock in `zone` shows that much more; `moment` itself for no distance.

    Where the clock shows that time twice (it was set back) or never (it was set forward), the
    later of the two readings: a deadline is never earlier for it.
    """
    if not distance:
        return moment
    return _later(_shown(moment, zone) + distance, zone)


def between(earlier: datetime, later: datetime, zone: ZoneInfo) -> timedelta:
    """How much more a clock in `zone` shows at the later moment."""
    return _shown(later, zone) - _shown(earlier, zone)


def days_begun(since: datetime, until: datetime, zone: ZoneInfo) -> int:
    """Days of the clock begun after `since`, up to `until`; 0 at or before it."""
    if until <= since:
        return 0
    days = max(0, (until - since).days - 1)
    while shift(since, zone, timedelta(days=days)) < until:
        days += 1
    return days


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _later(shown: datetime, zone: ZoneInfo) -> datetime:
    return max(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
