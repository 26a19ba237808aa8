"""Groups of assignments: make, change, delete."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.courses.errors import CourseRefused
from gradus.courses.models import AssignmentGroup, Course
from gradus.courses.models.groups import MOST_DROPPED
from gradus.courses.services.people import open_course


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
        a group that is gone, an archived course.
    """
    course = open_course(course)
    name = name.strip()
    if not name:
        raise CourseRefused(_("A group needs a name."))
    held = _held(course, group) if group else AssignmentGroup(course=course)
    if course.groups.exclude(pk=held.pk or 0).filter(name__iexact=name).exists():
        raise CourseRefused(_("There is a group named “{name}” already.").format(name=name))
    if weight < 0:
        raise CourseRefused(_("A weight cannot be negative."))
    if not 0 <= drop_lowest <= MOST_DROPPED:
        raise CourseRefused(_("At most {most} can be dropped.").format(most=MOST_DROPPED))
    names = ("name", "weight", "drop_lowest")
    old = columns(held, names) if group else {}
    held.name, held.weight, held.drop_lowest = name, weight, drop_lowest
    held.save()
    new = columns(held, names)
    record(Action.GROUP_SAVED, course_id=course.pk, about=held.name, old=old, new=new)
    return held


@transaction.atomic
def delete_group(*, group: AssignmentGroup) -> None:
    """Its assignments then count by themselves. Raises: CourseRefused, as `save_group`."""
    held = _held(open_course(group.course), group)
    old = columns(held, ("weight", "drop_lowest"))
    old["assignments"] = list(held.assignments.order_by("pk").values_list("title", flat=True))
    record(Action.GROUP_DELETED, course_id=held.course_id, about=held.name, old=old)
    held.assignments.update(group=None)
    held.delete()


def _held(course: Course, group: AssignmentGroup) -> AssignmentGroup:
    found = course.groups.filter(pk=group.pk).first()
    if found is None:
        raise CourseRefused(_("This group was deleted meanwhile."))
    return found
