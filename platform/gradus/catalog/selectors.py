"""What pages and API read of the catalogue."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gradus.catalog.models import Exercise


def usable_exercises(course_id: int | None = None) -> QuerySet[Exercise]:
    """Exercises that an assignment can be made of, in teaching order: the site's and a course's."""
    own = Q(course__isnull=True) if course_id is None else usable_by(course_id)
    return (
        Exercise.objects.filter(own, newest__isnull=False)
        .select_related("unit", "newest")
        .order_by("unit__order", "unit__slug", "order", "slug")
    )


def usable_by(course_id: int) -> Q:
    """The site's exercises, and the course's own."""
    return Q(course__isnull=True) | Q(course=course_id)
