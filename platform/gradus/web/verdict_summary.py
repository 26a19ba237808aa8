"""A verdict in two lines: its result, and what is left to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gradus.web.numbers import counted_points, plural_of, points, points_of

_UNSCORED = {
    "invalid": gettext_lazy("The attempt was given back."),
    "error": gettext_lazy(
        "Your submission is safe and on time. It costs no attempt and is no zero."
    ),
}


def title_of(verdict: Mapping[str, Any], is_run: bool) -> str:
    if verdict["status"] == "invalid":
        return _("Nothing was graded")
    if verdict["status"] == "error":
        return _("No verdict yet: our fault")
    result = points_of(verdict["points"], verdict["max_points"])
    return _("{points} on the visible checks").format(points=result) if is_run else result


def sentence_of(
    verdict: Mapping[str, Any], failed: Sequence[tuple[str, float]], *, waiting: float
) -> str:
    """What is left and what it is worth; never praise while something is open.

    `failed`: title and points lost of each check; `waiting`: points that a GPU worker may add.
    """
    status = verdict["status"]
    if status in _UNSCORED:
        return str(_UNSCORED[status])
    lost = [_worth(title, points_lost) for title, points_lost in failed]
    wrong = [s for s in verdict.get("steps", []) if s["status"] == "wrong"]
    if wrong:
        missing = sum(s["max_points"] - s["points"] for s in wrong)
        if not lost:
            return _only_answers(len(wrong), missing)
        among = ngettext(
            "{count} wrong answer, {points}", "{count} wrong answers, {points}", len(wrong)
        )
        lost.append(among.format(count=len(wrong), points=counted_points(missing)))
    if waiting:
        waits = _waits(waiting)
        if lost:
            return f"{waits} {_left(lost)}"
        done = _("Correctness is done: {points}.").format(points=counted_points(verdict["points"]))
        return f"{done} {waits}"
    if lost:
        return _left(lost)
    return _("Full marks.") if status == "passed" else ""


def _worth(title: str, lost: float) -> str:
    return _("“{title}”, {points}").format(title=title, points=counted_points(lost))


def _only_answers(count: int, missing: float) -> str:
    said = ngettext(
        "One answer is wrong, worth {points}.",
        "{count} answers are wrong, worth {points}.",
        count,
    )
    return said.format(count=count, points=counted_points(missing))


def _waits(waiting: float) -> str:
    shown = points(waiting)
    said = ngettext(
        "{points} point for speed waits for a GPU worker.",
        "{points} points for speed wait for a GPU worker.",
        plural_of(shown),
    )
    return said.format(points=shown)


def _left(lost: Sequence[str]) -> str:
    named = "; ".join(lost[:3])
    match len(lost):
        case 1:
            return _("One thing is left: {named}.").format(named=named)
        case 2:
            return _("Two things are left: {named}.").format(named=named)
        case 3:
            return _("Three things are left: {named}.").format(named=named)
    said = ngettext(
        "{count} thing is left: {named}; and more.",
        "{count} things are left: {named}; and more.",
        len(lost),
    )
    return said.format(count=len(lost), named=named)
