"""Copy a course to a new term: rules, groups, assignments and items, with shifted dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, AssignmentGroup, Course, Item
from gradus.courses.services.people import create_course
from gradus.lib import wallclock

MOST_WEEKS = 520
DATES = ("opens_at", "due_at", "late_until", "solutions_at")
_RULES = (
    *("time_zone", "grace_minutes", "late_days", "late_percent", "late_most_percent"),
    "late_day_bank",
)
_COPIED = (  # of an assignment; a password, a release and what was given to students stay behind
    *("title", "intro", "order", "grace_minutes", "late_percent", "late_most_percent"),
    *("most_late_days", "weight", "reveal", "reveal_after_due", "exam_networks", "holds_feedback"),
    "counting",
)
_WITHDRAWAL = ("withdrawn_at", "withdrawn_why")
_COPIED_ITEM = ("order", "is_extra", "max_attempts", "cooldown_seconds", "thresholds")


@dataclass(frozen=True, slots=True)
class Moved:
    """An assignment with its dates before and after."""

    assignment: Assignment
    old: dict[str, datetime | None]
    new: dict[str, datetime | None]


def moved_dates(course: Course, weeks: int) -> list[Moved]:
    """What a copy would be: the clock of the course shows the same time, also in summer."""
    zone = course.zone
    assignments = list(course.assignments.order_by("order", "pk"))
    return [
        Moved(
            one,
            {name: getattr(one, name) for name in DATES},
            {name: _moved(getattr(one, name), zone, weeks) for name in DATES},
        )
        for one in assignments
    ]


@transaction.atomic
def copy_course(
    *, source: Course, owner: User, title: str, term: str, weeks: int, use_newest: bool
) -> Course:
    """Make the copy; nothing in it is published, and nobody but its owner is in it.

    Raises: CourseRefused: no title, or too many weeks.
    """
    if not -MOST_WEEKS <= weeks <= MOST_WEEKS:
        told = _("Dates can move by at most {most} weeks.")
        raise CourseRefused(told.format(most=MOST_WEEKS))
    made = create_course(owner=owner, title=title, term=term)
    for name in _RULES:
        setattr(made, name, getattr(source, name))
    made.save(update_fields=_RULES)
    groups = {
        group.pk: AssignmentGroup.objects.create(
            course=made, name=group.name, weight=group.weight, drop_lowest=group.drop_lowest
        )
        for group in source.groups.all()
    }
    for moved in moved_dates(source, weeks):
        old = moved.assignment
        new = Assignment.objects.create(
            course=made,
            group=groups[old.group_id] if old.group_id else None,
            **{name: getattr(old, name) for name in _COPIED},
            **moved.new,
        )
        _copy_items(old, new, use_newest)
    facts = {"title": source.title, "term": source.term, "course": source.pk}
    new_facts = {"title": made.title, "term": made.term, "course": made.pk, "weeks": weeks}
    for pk in (source.pk, made.pk):
        about = f"{source.title} to {made.title}"
        record(Action.COURSE_COPIED, course_id=pk, about=about, old=facts, new=new_facts)
    return made


def _copy_items(old: Assignment, new: Assignment, use_newest: bool) -> None:
    for item in old.items.select_related("version", "exercise__newest"):
        version, points = item.version, item.automatic_points
        newest = item.exercise.newest
        if use_newest and newest is not None:
            if points == version.points:  # nobody chose other points
                points = newest.points
            version = newest
        # what is broken stays withdrawn; a newer version may have mended it
        kept = _COPIED_ITEM if version != item.version else (*_COPIED_ITEM, *_WITHDRAWAL)
        Item.objects.create(
            assignment=new,
            exercise=item.exercise,
            version=version,
            points=points,
            **{name: getattr(item, name) for name in kept},
        )


def _moved(moment: datetime | None, zone: ZoneInfo, weeks: int) -> datetime | None:
    if moment is None:
        return None
    try:
        return wallclock.shift(moment, zone, timedelta(weeks=weeks))
    except OverflowError as error:
        raise CourseRefused(_("A date would lie outside of the calendar.")) from error
