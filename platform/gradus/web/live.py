"""A submission on its way: what the page says while it waits and runs, and how often it asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gradus.submissions.selectors import Phase, Standing
from gradus.web import numbers
from gradus.web.words import HIDDEN_CHECK, SHAPES, told_title

PAUSES = (
    (3, "300ms"),
    (15, "1s"),
    (60, "2s"),
)  # by seconds since it was received
LONGEST_PAUSE = "3s"
STOP_POLLING = 286  # a status: htmx shows the answer and asks no more


@dataclass(frozen=True, slots=True)
class LiveCheck:
    title: str
    is_named: bool  # else the title is a word of ours
    shape: str
    note: str


@dataclass(frozen=True, slots=True)
class LivePhase:
    title: str
    shape: str
    note: str
    text: str
    checks: list[LiveCheck]


@dataclass(frozen=True, slots=True)
class Live:
    """What is shown; `stamp` names the state, so that an unchanged page is not sent again."""

    title: str
    shape: str
    state: str
    note: str
    received: str
    checks: list[LiveCheck]
    phases: list[LivePhase]
    pause: str
    stamp: str


def live_of(standing: Standing, position: int | None, now: datetime) -> Live:
    """Arrange a standing that is not final."""
    progress = standing.progress or {}
    checks = [_check(check) for check in progress.get("checks", ())]
    done = sum(check.shape not in ("running", "waiting") for check in checks)
    queued = standing.phase is Phase.QUEUED
    place = progress.get("position") or position
    note = _note(queued, place, done, len(checks), standing.tries)
    submission = standing.submission
    pause = pause_after((now - submission.received_at).total_seconds())
    phase = LivePhase(
        _("Grading"), "waiting" if queued else "running", note, _text(standing, queued), checks
    )
    state = _("Waiting") if queued else _("Running")
    parts = [standing.phase.value, note, pause, *(f"{c.title}{c.shape}{c.note}" for c in checks)]
    return Live(
        title=_("Waiting to be graded") if queued else _("Grading your submission"),
        shape=phase.shape,
        state=state,
        note=note,
        received=_received(submission.parts),
        checks=checks,
        phases=[phase],
        pause=pause,
        stamp=hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16],
    )


def pause_after(age_seconds: float) -> str:
    """Ask often at first, then less: 1 s, 2 s, 3 s."""
    return next((pause for limit, pause in PAUSES if age_seconds < limit), LONGEST_PAUSE)


def _check(check: dict[str, Any]) -> LiveCheck:
    shape = SHAPES.get(str(check.get("status", "")), "waiting")
    note = _("running") if shape == "running" else ""
    if shape in ("passed", "failed") and check.get("seconds"):
        note = numbers.seconds(check["seconds"])
    title = told_title(check.get("title"))
    return LiveCheck(title or str(HIDDEN_CHECK), bool(title), shape, note)


def _note(queued: bool, place: int | None, done: int, count: int, tries: int) -> str:
    if queued:
        where = (
            _("Number {place} in the queue.").format(place=place) if place else _("In the queue.")
        )
        return f"{where} {_('It runs again by itself.')}" if tries else where
    return (
        _("{done} of {count} checks done").format(done=done, count=count) if count else _("Started")
    )


def _text(standing: Standing, queued: bool) -> str:
    if queued and standing.tries:
        return _(
            "A try was stopped by a fault of ours. Your submission is safe; it costs no attempt."
        )
    return ""


def _received(parts: dict[str, str]) -> str:
    sizes = [f"{name}, {numbers.size(len(text.encode()))}" for name, text in parts.items()]
    return _("{parts}: stored unchanged.").format(parts="; ".join(sizes))
