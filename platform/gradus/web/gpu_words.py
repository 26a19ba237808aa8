"""What the page says about a speed part that waits for a GPU."""

from __future__ import annotations

import math

from gradus.submissions.gpu_lane import GpuWait

_MINUTE = 60
_HOUR = 60 * _MINUTE


def wait(found: GpuWait | None) -> str:
    """One or two sentences; empty where nothing waits."""
    if found is None:
        return ""
    place = f"It is number {found.place} of {found.waiting} in the queue"
    if not found.devices:
        return f"No GPU worker is connected. {place}, and keeps its place."
    if found.expected is None:
        return f"{place}. Nothing was measured lately, so nobody can say how long that takes."
    return f"{place}: about {about(found.expected.total_seconds())}, by the last runs."


def about(seconds: float) -> str:
    """Round up: who is told three minutes does not want to wait four."""
    if seconds <= _MINUTE:
        return "a minute"
    if seconds < 2 * _HOUR:
        return f"{math.ceil(seconds / _MINUTE)} minutes"
    return f"{math.ceil(seconds / _HOUR)} hours"
