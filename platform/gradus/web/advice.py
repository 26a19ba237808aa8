"""What to do next: the exercise that the nearest deadline needs first, by prerequisites. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

ENOUGH = Decimal("0.5")  # share of the points from which on an exercise counts as done here
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Open:
    """An exercise that can be submitted now, with what this student has reached in it."""

    item_id: int
    slug: str
    title: str
    kind: str
    points: Decimal
    own: Decimal
    is_begun: bool
    due_at: datetime | None
    place: tuple[int, ...]  # within everything that is open
    prerequisites: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        return self.own >= ENOUGH * self.points


@dataclass(frozen=True, slots=True)
class Advice:
    exercise: Open
    reason: str


def next_exercise(exercises: Sequence[Open], reached: Mapping[str, bool]) -> Advice | None:
    """The next exercise and why; None when nothing is left to gain.

    `reached` tells for every exercise of the student's courses whether it is done, closed ones too;
    a prerequisite of another course is not asked for.
    """
    ordered = sorted(exercises, key=lambda one: (one.due_at or _NEVER, one.place))
    goal = next((one for one in ordered if not one.is_done), None)
    if goal is None:
        return _rest(ordered)
    first = _first_needed(goal, {one.slug: one for one in reversed(ordered)}, reached)
    return Advice(first, _reason(first, goal, ordered, reached))


def _first_needed(goal: Open, by_slug: Mapping[str, Open], reached: Mapping[str, bool]) -> Open:
    """Walk from the goal to what it builds on, as far as that is open and not done."""
    seen = {goal.slug}
    while True:
        missing = (
            by_slug[slug]
            for slug in goal.prerequisites
            if slug in by_slug and slug not in seen and not reached.get(slug, False)
        )
        needed = next(missing, None)
        if needed is None:
            return goal
        seen.add(needed.slug)
        goal = needed


def _reason(first: Open, goal: Open, ordered: Sequence[Open], reached: Mapping[str, bool]) -> str:
    if first is not goal:
        waits = (one for one in ordered if first.slug in one.prerequisites and not one.is_done)
        return _("“{title}” builds on it.").format(title=next(waits, goal).title)
    known = [slug for slug in first.prerequisites if reached.get(slug, False)]
    opens = next((one.title for one in ordered if first.slug in one.prerequisites), None)
    done = _done(len(known)) if known else ""
    leads = _("It opens the way to “{title}”.").format(title=opens) if opens else ""
    return f"{done} {leads}".strip() or _("It needs no other exercise before it.")


def _rest(ordered: Sequence[Open]) -> Advice | None:
    """Where most points are left, once every exercise has enough."""
    left = [one for one in ordered if one.own < one.points]
    if not left:
        return None
    best = max(left, key=lambda one: one.points - one.own)
    reason = _("You are well on in every open exercise; most points are left in this one.")
    return Advice(best, reason)


def _done(count: int) -> str:
    if count == 2:
        return _("You have done both exercises that it builds on.")
    said = ngettext(
        "You have done the exercise that it builds on.",
        "You have done the {count} exercises that it builds on.",
        count,
    )
    return said.format(count=count)
