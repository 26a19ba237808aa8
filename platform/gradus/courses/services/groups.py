"""Groups of assignments: make, change, delete."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.courses.errors import CourseArchived, CourseRefused
from gradus.courses.models import AssignmentGroup, Course
from gradus.courses.models.groups import MOST_DROPPED


@transaction.atomic
def save_group(
    *,
    course: Course,
    group: AssignmentGroup | None,
    name: str,
    weight: Decimal,
    drop_lowest: int,
) -> AssignmentGroup:
    """Make a group, or change one.

    Raises: CourseRefused: no name, one that is there already, a weight below 0, too many dropped,
        an archived course.
    """
    _refuse_archived(course)
    name = name.strip()
    if not name:
        raise CourseRefused(_("A group needs a name."))
    others = course.groups.exclude(pk=group.pk if group else 0)
    if others.filter(name__iexact=name).exists():
        raise CourseRefused(_("There is a group named “{name}” already.").format(name=name))
    if weight < 0:
        raise CourseRefused(_("A weight cannot be negative."))
    if not 0 <= drop_lowest <= MOST_DROPPED:
        raise CourseRefused(_("At most {most} can be dropped.").format(most=MOST_DROPPED))
    names = ("name", "weight", "drop_lowest")
    old = columns(group, names) if group else {}
    made = group or AssignmentGroup(course=course)
    made.name, made.weight, made.drop_lowest = name, weight, drop_lowest
    made.save()
    new = columns(made, names)
    record(Action.GROUP_SAVED, course_id=course.pk, about=made.name, old=old, new=new)
    return made


@transaction.atomic
def delete_group(*, group: AssignmentGroup) -> None:
    """Its assignments then count by themselves. Raises: CourseRefused, in an archived course."""
    _refuse_archived(group.course)
    old = columns(group, ("weight", "drop_lowest"))
    old["assignments"] = list(group.assignments.order_by("pk").values_list("title", flat=True))
    record(Action.GROUP_DELETED, course_id=group.course_id, about=group.name, old=old)
    group.assignments.update(group=None)
    AssignmentGroup.objects.filter(pk=group.pk).delete()


def _refuse_archived(course: Course) -> None:
    if course.is_archived:
        raise CourseArchived
