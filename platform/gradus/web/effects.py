"""A change that may move marks: shown before it is made, made when what was shown still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from gradus.courses.models import Enrolment
from gradus.gradebook.grid import Mark, State
from gradus.gradebook.preview import Effect, Shift, effect_of
from gradus.web.http import SignedInRequest, posted_fields
from gradus.web.numbers import points
from gradus.web.roster import around
from gradus.web.text import visible

MOST_SHOWN = 200
_OWN_FIELDS = ("stamp", "lower")
_WORDS = {State.MISSING: gettext_lazy("missing"), State.EXCUSED: gettext_lazy("excused")}


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
        "to_lower": _to_lower(effect),
        "shifts": [_shown(shift) for shift in effect.shifts[:MOST_SHOWN]],
        "more": max(0, len(effect.shifts) - MOST_SHOWN),
        "fields": posted_fields(request, but=_OWN_FIELDS),
        "address": request.path,
        "asked_again": "stamp" in request.POST and not is_seen,
        "not_ticked": is_seen,
    }
    return render(
        request, "web/effect.html", context, status=409 if "stamp" in request.POST else 200
    )


def _sentence(effect: Effect) -> str:
    totals = effect.totals
    if not effect.shifts:
        told = ngettext(
            "No mark changes, but {count:,} total so far would.",
            "No mark changes, but {count:,} totals so far would.",
            totals,
        )
        return told.format(count=totals)
    lower = ngettext(
        "{count:,} mark would be lower.", "{count:,} marks would be lower.", effect.lower
    )
    total = ngettext(
        "{count:,} total so far would change.", "{count:,} totals so far would change.", totals
    )
    sentences = [
        _changes(effect),
        lower.format(count=effect.lower) if effect.lower else "",
        total.format(count=totals) if totals else "",
    ]
    return " ".join(filter(None, sentences))


def _changes(effect: Effect) -> str:
    """How many marks of how many students."""
    if len(effect.shifts) == 1:
        return gettext("1 mark of 1 student would change.")
    told = ngettext(
        "{marks:,} marks of {students:,} student would change.",
        "{marks:,} marks of {students:,} students would change.",
        effect.students,
    )
    return told.format(marks=len(effect.shifts), students=effect.students)


def _to_lower(effect: Effect) -> str:
    """What is ticked where something becomes lower."""
    marks = ngettext("{count} mark", "{count} marks", effect.lower).format(count=effect.lower)
    count = effect.lower_totals
    totals = ngettext("{count} total", "{count} totals", count).format(count=count)
    if effect.lower and effect.lower_totals:
        return gettext("Lower {marks} and {totals}").format(marks=marks, totals=totals)
    return gettext("Lower {marks}").format(marks=marks if effect.lower else totals)


def _shown(shift: Shift) -> ShownShift:
    person = visible(shift.enrolment.user.shown_name)
    title = gettext("{assignment}: {exercise}").format(
        assignment=shift.column.assignment.title, exercise=shift.column.title
    )
    return ShownShift(person, title, _mark(shift.old), _mark(shift.new), shift.is_lower)


def _mark(mark: Mark) -> str:
    if mark.points is None:
        return str(_WORDS.get(mark.state, gettext_lazy("none")))
    return points(mark.points)
