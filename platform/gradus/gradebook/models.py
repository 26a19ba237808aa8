"""Grade events: what changed a student's points for an item, and why. Only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User
from gradus.courses.models import Course, Enrolment, Item
from gradus.gradebook.rubrics.models import HumanMark, Rubric, RubricRelease
from gradus.submissions.models import Submission, Verdict

__all__ = ["FillInFile", "GradeEvent", "HumanMark", "Rubric", "RubricRelease"]


class GradeEvent(models.Model):
    """Points for an item, from a verdict or from a person."""

    class Source(models.TextChoices):
        VERDICT = "verdict", _("Graded")
        OVERRIDE = "override", _("Set by a person")
        UNDO = "undo", _("Taken back by a person")
        RUBRIC = "rubric", _("Marked by people")  # the part of the item that is theirs
        REGRADE = "regrade", _("Regraded")
        REVERSE = "reverse", _("Regrade taken back")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="grade_events")
    item = models.ForeignKey(Item, models.PROTECT, related_name="grade_events")
    source = models.CharField(max_length=8, choices=Source)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="grade_events"
    )
    verdict = models.OneToOneField(
        Verdict, models.PROTECT, null=True, related_name="grade_event"
    )  # the one whose arrival made this event
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="undone_by"
    )  # what an undo or the reversal of a regrade takes back
    human_mark = models.OneToOneField(
        HumanMark, models.PROTECT, null=True, related_name="grade_event"
    )  # whose telling made this event
    points = models.DecimalField(
        max_digits=8, decimal_places=3, null=True
    )  # of the item; none: nothing is left where something is taken back
    old_points = models.DecimalField(
        max_digits=8, decimal_places=3, null=True
    )  # before, where a person or a regrade changed it; none: there were none
    max_points = models.DecimalField(max_digits=8, decimal_places=3)
    is_provisional = models.BooleanField(default=False)  # the speed part is not graded yet
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_from_verdict_or_person",
                condition=Q(source="verdict", verdict__isnull=False, submission__isnull=False)
                | (
                    Q(source="regrade", verdict__isnull=False, submission__isnull=False)
                    & Q(actor__isnull=False)
                    & ~Q(reason="")
                )
                | (Q(source="reverse", verdict__isnull=True, actor__isnull=False) & ~Q(reason=""))
                | (Q(source="override", verdict__isnull=True, actor__isnull=False) & ~Q(reason=""))
                | (Q(source="undo", verdict__isnull=True, actor__isnull=False) & ~Q(reason=""))
                | Q(source="rubric", verdict__isnull=True, actor__isnull=False),
            ),
            models.CheckConstraint(
                name="event_from_human_mark",
                condition=Q(source="rubric", human_mark__isnull=False, submission__isnull=False)
                | (~Q(source="rubric") & Q(human_mark__isnull=True)),
            ),
            models.CheckConstraint(
                name="event_undoes_an_override",
                condition=Q(source="undo", undoes__isnull=False, submission__isnull=True)
                | Q(source="reverse", undoes__isnull=False, submission__isnull=False)
                | (~Q(source__in=["undo", "reverse"]) & Q(undoes__isnull=True)),
            ),
            models.CheckConstraint(
                name="event_points_in_range",
                condition=Q(max_points__gt=0)
                & (
                    Q(points__isnull=False, points__gte=0)
                    | Q(source__in=["undo", "reverse"], points__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="event_verdict_points_at_most_full",
                condition=~Q(source__in=["verdict", "regrade", "rubric"])
                | Q(points__lte=F("max_points")),
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "item", "created_at"])]

    def __str__(self) -> str:
        return f"{self.points} points for item {self.item_id}, enrolment {self.enrolment_id}"


class FillInFile(models.Model):
    """A learning platform's own export, kept for a day while scores are written into it."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    uploader = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    data = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file to fill in for course {self.course_id}"
