"""Times as people read them: weekday, date and 24 h in the reader's zone; distances in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

_AHEAD = {
    "day": ngettext_lazy("in %d day", "in %d days"),
    "hour": ngettext_lazy("in %d hour", "in %d hours"),
    "minute": ngettext_lazy("in %d minute", "in %d minutes"),
}
_AGO = {
    "day": ngettext_lazy("%d day ago", "%d days ago"),
    "hour": ngettext_lazy("%d hour ago", "%d hours ago"),
    "minute": ngettext_lazy("%d minute ago", "%d minutes ago"),
}


def moment(when: datetime, now: datetime, *, with_seconds: bool = False) -> str:
    """Tue 24 Nov, 23:59, in the active zone; with the year where it is not this one."""
    local = timezone.localtime(when)
    if local.year == timezone.localtime(now).year:
        form = pgettext("date format", "D j M, H:i")
        exact = pgettext("date format", "D j M, H:i:s")
    else:
        form = pgettext("date format", "D j M Y, H:i")
        exact = pgettext("date format", "D j M Y, H:i:s")
    return date_format(local, exact if with_seconds else form)


def day(when: datetime) -> str:
    """Saturday 21 November, in the active zone."""
    return date_format(timezone.localtime(when), pgettext("date format", "l j F"))


def distance(when: datetime, now: datetime) -> str:
    """In 3 days, 5 hours ago: one unit, rounded down, never a countdown of seconds."""
    minutes = int(abs(when - now).total_seconds() // 60)
    words = _AHEAD if when >= now else _AGO
    for count, unit in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if count:
            return words[unit] % count
    return _("in less than a minute") if when >= now else _("less than a minute ago")


def zone(now: datetime) -> str:
    """Helsinki (UTC+2): the active zone, to be named once a page."""
    local = timezone.localtime(now)
    offset = local.utcoffset() or timedelta()
    hours = offset.total_seconds() / 3600
    name = timezone.get_current_timezone_name().rsplit("/", 1)[-1].replace("_", " ")
    sign = "\N{MINUS SIGN}" if hours < 0 else "+"
    return "UTC" if name == "UTC" else f"{name} (UTC{sign}{abs(hours):g})"
