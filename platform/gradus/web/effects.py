"""A change that may move marks: shown before it is made, made when what was shown still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gradus.courses.models import Enrolment
from gradus.gradebook.grid import Mark, State
from gradus.gradebook.preview import Effect, Shift, effect_of
from gradus.web.http import SignedInRequest
from gradus.web.numbers import points
from gradus.web.roster import around
from gradus.web.text import visible

MOST_SHOWN = 200
_OWN_FIELDS = ("csrfmiddlewaretoken", "stamp", "lower")
_WORDS = {State.MISSING: "missing", State.EXCUSED: "excused"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the page that asks says, and where it leads."""

    heading: str
    verb: str
    done: str  # said when the change is made
    back: str  # address of the page that is read then, or instead
    tab: str = "assignments"


@dataclass(frozen=True, slots=True)
class ShownShift:
    person: str
    title: str
    old: str
    new: str
    is_lower: bool


def confirmed(
    request: SignedInRequest, viewer: Enrolment, change: Callable[[], object], prompt: Prompt
) -> HttpResponse:
    """Make the change and go back; or the page that asks for it first.

    A change that moves no mark needs no question. One that lowers marks needs a tick.
    Raises: what `change` raises.
    """
    asked = _question(request, viewer, change, prompt)
    if asked is not None:
        return asked
    change()
    messages.success(request, prompt.done)
    return redirect(prompt.back)


def unconfirmed(
    request: SignedInRequest,
    viewer: Enrolment,
    change: Callable[[], object],
    *,
    heading: str,
    verb: str,
    tab: str = "assignments",
) -> HttpResponse | None:
    """The page that asks; None when the change may be made. Raises: what `change` raises."""
    prompt = Prompt(heading=heading, verb=verb, done="", back=request.path, tab=tab)
    return _question(request, viewer, change, prompt)


def _question(
    request: SignedInRequest, viewer: Enrolment, change: Callable[[], object], prompt: Prompt
) -> HttpResponse | None:
    effect = effect_of(viewer.course, change, timezone.now())
    is_seen = request.POST.get("stamp") == effect.stamp
    if effect.is_empty or (is_seen and (not effect.lowers or "lower" in request.POST)):
        return None
    context: dict[str, Any] = {
        **around(viewer),
        "tab": prompt.tab,
        "prompt": prompt,
        "effect": effect,
        "sentence": _sentence(effect),
        "shifts": [_shown(shift) for shift in effect.shifts[:MOST_SHOWN]],
        "more": max(0, len(effect.shifts) - MOST_SHOWN),
        "fields": _posted(request),
        "address": request.path,
        "asked_again": "stamp" in request.POST and not is_seen,
        "not_ticked": is_seen,
    }
    return render(
        request, "web/effect.html", context, status=409 if "stamp" in request.POST else 200
    )


def _posted(request: SignedInRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in _OWN_FIELDS
    ]


def _sentence(effect: Effect) -> str:
    marks, totals = len(effect.shifts), effect.totals
    if not marks:
        return f"No mark changes, but {_count(totals, 'total')} so far would."
    students = _count(effect.students, "student")
    lower = f" {_count(effect.lower, 'mark')} would be lower." if effect.lower else ""
    total = f" {_count(totals, 'total')} so far would change." if totals else ""
    return f"{_count(marks, 'mark')} of {students} would change.{lower}{total}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _shown(shift: Shift) -> ShownShift:
    person = visible(shift.enrolment.user.shown_name)
    title = f"{shift.column.assignment.title}: {shift.column.title}"
    return ShownShift(person, title, _mark(shift.old), _mark(shift.new), shift.is_lower)


def _mark(mark: Mark) -> str:
    return _WORDS.get(mark.state, "none") if mark.points is None else points(mark.points)
