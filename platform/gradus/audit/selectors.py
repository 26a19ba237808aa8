"""What is read of the record."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from gradus.audit.models import Entry


def entries(
    course_id: int,
    *,
    person: str = "",
    action: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Entry]:
    """The record of a course, newest first. `person`: who acted, or whom it was done to."""
    found = Entry.objects.filter(course_id=course_id).select_related("actor", "person")
    if person:
        found = found.filter(Q(actor__username__iexact=person) | Q(person__username__iexact=person))
    if action:
        found = found.filter(action=action)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    return found.order_by("-pk")
