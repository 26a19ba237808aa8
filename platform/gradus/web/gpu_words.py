"""What the page says about a speed part that waits for a GPU."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.submissions.gpu_lane import GpuWait

_MINUTE = 60
_HOUR = 60 * _MINUTE


def wait(found: GpuWait | None) -> str:
    """One or two sentences; empty where nothing waits."""
    if found is None:
        return ""
    place = {"place": found.place, "waiting": found.waiting}
    if not found.devices:
        return _(
            "No GPU worker is connected. It is number {place} of {waiting} in the queue, and keeps"
            " its place."
        ).format(**place)
    if found.expected is None:
        return _(
            "It is number {place} of {waiting} in the queue. Nothing was measured lately, so nobody"
            " can say how long that takes."
        ).format(**place)
    return _(
        "It is number {place} of {waiting} in the queue: about {time}, by the last runs."
    ).format(**place, time=about(found.expected.total_seconds()))


def about(seconds: float) -> str:
    """Round up: who is told three minutes does not want to wait four."""
    if seconds <= _MINUTE:
        return _("a minute")
    if seconds < 2 * _HOUR:
        minutes = math.ceil(seconds / _MINUTE)
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    hours = math.ceil(seconds / _HOUR)
    return ngettext("%d hour", "%d hours", hours) % hours
