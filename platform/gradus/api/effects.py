"""Changes that may move marks, as on the pages: look first, and say so if marks may be lowered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from ninja import Schema

from gradus.api.fields import Strict
from gradus.courses.models import Course
from gradus.gradebook.errors import GradeRefused
from gradus.gradebook.preview import Effect, effect_of

MOST_SHOWN = 500


class Careful(Strict):
    """How a change is made. `dry_run` changes nothing and says what would."""

    dry_run: bool = False
    allow_lower: bool = False  # without it, a change that lowers a mark or a total is refused


class ShiftOut(Schema):
    student: int  # enrolment
    item: int
    old_points: Decimal | None
    new_points: Decimal | None
    is_lower: bool


class EffectOut(Schema):
    """What a change does to marks; at most 500 of them are listed."""

    applied: bool
    students: int
    marks: int
    lower: int
    totals: int
    lower_totals: int
    shifts: list[ShiftOut]


class WouldLower(GradeRefused):
    message = "Marks would be lower. Look at them with dry_run, then send allow_lower."


def change_carefully(course: Course, change: Callable[[], object], how: Careful) -> EffectOut:
    """Make a change, or with `dry_run` only look. Raises: WouldLower, and what `change` raises."""
    effect = effect_of(course, change, timezone.now())
    if not how.dry_run:
        if effect.lowers and not how.allow_lower:
            raise WouldLower
        change()
    return _out(effect, applied=not how.dry_run)


def _out(effect: Effect, *, applied: bool) -> EffectOut:
    return EffectOut(
        applied=applied,
        students=effect.students,
        marks=len(effect.shifts),
        lower=effect.lower,
        totals=effect.totals,
        lower_totals=effect.lower_totals,
        shifts=[
            ShiftOut(
                student=shift.enrolment.pk,
                item=shift.column.item_id,
                old_points=shift.old.points,
                new_points=shift.new.points,
                is_lower=shift.is_lower,
            )
            for shift in effect.shifts[:MOST_SHOWN]
        ],
    )
