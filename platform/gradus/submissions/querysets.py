"""Who sees which submission, in lists and for single pages alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from gradus.courses.models import STAFF, Enrolment

if TYPE_CHECKING:
    from gradus.accounts.models import User


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> SubmissionQuerySet:
        """One's own in courses one is still in, and all of a course for its staff."""
        mine = Enrolment.objects.filter(
            user=user, is_active=True, course=OuterRef("item__assignment__course")
        )
        own = Q(enrolment__user=user)
        return self.filter(Exists(mine) & own | Exists(mine.filter(role__in=STAFF)))

    def graded(self) -> SubmissionQuerySet:
        """Without Runs."""
        return self.filter(mode="submit")

    def with_standing(self) -> SubmissionQuerySet:
        """Fetch what a standing needs: a fixed number of queries, however many rows."""
        from gradus.submissions.models import Job

        jobs = Job.objects.select_related("verdict").order_by("pk")
        return self.select_related(
            "item__assignment", "item__version", "item__exercise", "enrolment__user"
        ).prefetch_related(Prefetch("jobs", queryset=jobs))
