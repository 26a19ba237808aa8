"""A student's question about one submission, and its answer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User
from gradus.submissions.models import Submission


class Question(models.Model):
    """Asks staff to look at a result. Never deleted; open until it has an outcome."""

    class Kind(models.TextChoices):
        REGRADE = "regrade", _("I think the mark is wrong")
        BROKEN = "broken", _("The exercise seems broken")

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        CHANGED = "changed", _("The mark was changed")
        KEPT = "kept", _("The mark stays")
        FIXED = "fixed", _("The exercise was corrected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="questions")
    kind = models.CharField(max_length=8, choices=Kind)
    check_id = models.CharField(max_length=64, blank=True)  # blank: about all of it
    reason = models.TextField()
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["outcome", "asked_at"], name="question_queue")]
        constraints = [
            models.CheckConstraint(
                name="question_says_why", condition=~Q(reason=""),
            ),
            models.CheckConstraint(
                name="question_answered_by_somebody",
                condition=Q(outcome="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(outcome="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["submission", "kind", "check_id"],
                condition=Q(outcome=""),
                name="question_open_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"question {self.pk} about submission {self.submission_id}"

    @property
    def is_open(self) -> bool:
        return self.outcome == Question.Outcome.OPEN
