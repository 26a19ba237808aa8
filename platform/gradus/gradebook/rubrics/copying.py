"""A course is copied with what people mark in it; nothing that they marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gradus.accounts.models import User
from gradus.courses.models import Assignment, Course, Item
from gradus.courses.services import copying
from gradus.gradebook.rubrics import criteria
from gradus.gradebook.rubrics.selectors import newest_rubric
from gradus.gradebook.rubrics.services import set_rubric


@transaction.atomic
def copy_course(*, source: Course, owner: User, now: datetime, **plan: Any) -> Course:
    """Make the copy; `plan` as there, its rubrics beginning anew with one version each.

    Raises: CourseRefused; RubricRefused, where an exercise came to be worth too many points.
    """
    made = copying.copy_course(source=source, owner=owner, **plan)
    for old, new in zip(_assignments(source), _assignments(made), strict=True):
        items = {item.exercise_id: item for item in new.items.select_related("assignment")}
        for item in old.items.filter(human_points__gt=0):
            _copy(item, items[item.exercise_id], owner, now)
    return made


def _assignments(course: Course) -> QuerySet[Assignment]:
    """In the order in which a copy is made."""
    return course.assignments.order_by("order", "pk")


def _copy(item: Item, to: Item, owner: User, now: datetime) -> None:
    rubric = newest_rubric(item)
    if rubric is not None:
        text = criteria.written(criteria.from_json(rubric.criteria))
        set_rubric(
            item=to, text=text, is_anonymous=rubric.is_anonymous, actor=owner, seen=0, now=now
        )
