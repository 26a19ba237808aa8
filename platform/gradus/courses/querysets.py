"""Who sees which course, assignment and item. Lists and single pages use the same rule."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from gradus.accounts.models import User

_STAFF_ROLES = ("owner", "instructor", "assistant", "reviewer")


def _seen(user: User, course: str, assignment: str, now: datetime) -> Q:
    """Staff see all of their course; others see what is published and has opened."""
    mine = Q(**{f"{course}enrolments__user": user, f"{course}enrolments__is_active": True})
    staff = mine & Q(**{f"{course}enrolments__role__in": _STAFF_ROLES})
    opened = Q(**{f"{assignment}opens_at__isnull": True}) | Q(**{f"{assignment}opens_at__lte": now})
    return staff | (mine & opened & Q(**{f"{assignment}is_published": True}))


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User) -> CourseQuerySet:
        """Courses in which this person has an active enrolment."""
        return self.filter(enrolments__user=user, enrolments__is_active=True).distinct()


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User, now: datetime) -> AssignmentQuerySet:
        return self.filter(_seen(user, "course__", "", now)).distinct()


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User, now: datetime) -> ItemQuerySet:
        return self.filter(_seen(user, "assignment__course__", "assignment__", now)).distinct()
