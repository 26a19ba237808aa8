"""Times as people read them: weekday, date and 24 h in the reader's zone; distances in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format


def moment(when: datetime, now: datetime, *, with_seconds: bool = False) -> str:
    """Tue 24 Nov, 23:59, in the active zone; with the year where it is not this one."""
    local = timezone.localtime(when)
    year = "" if local.year == timezone.localtime(now).year else " Y"
    return date_format(local, f"D j M{year}, H:i" + (":s" if with_seconds else ""))


def day(when: datetime) -> str:
    """Saturday 21 November, in the active zone."""
    return date_format(timezone.localtime(when), "l j F")


def distance(when: datetime, now: datetime) -> str:
    """In 3 days, 5 hours ago: one unit, rounded down, never a countdown of seconds."""
    gap = abs(when - now)
    words = _largest(gap)
    return f"in {words}" if when >= now else f"{words} ago"


def zone(now: datetime) -> str:
    """Helsinki (UTC+2): the active zone, to be named once a page."""
    local = timezone.localtime(now)
    offset = local.utcoffset() or timedelta()
    hours = offset.total_seconds() / 3600
    name = timezone.get_current_timezone_name().rsplit("/", 1)[-1].replace("_", " ")
    sign = "\N{MINUS SIGN}" if hours < 0 else "+"
    return "UTC" if name == "UTC" else f"{name} (UTC{sign}{abs(hours):g})"


def _largest(gap: timedelta) -> str:
    minutes = int(gap.total_seconds() // 60)
    for count, unit in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if count:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
