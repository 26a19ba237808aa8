"""What pages and API read of the catalogue."""

from __future__ import annotations

from django.db.models import QuerySet

from gradus.catalog.models import Exercise


def usable_exercises() -> QuerySet[Exercise]:
    """Exercises that an assignment can be made of, in teaching order."""
    return (
        Exercise.objects.filter(newest__isnull=False)
        .select_related("unit", "newest")
        .order_by("unit__order", "unit__slug", "order", "slug")
    )
