"""One row for each check, step or timed part of a verdict that statistics must know of."""

from __future__ import annotations

from django.db import models

from gradus.courses.models import Enrolment, Item


class Finding(models.Model):
    """What a verdict says of one part. What passed has no row; written with the verdict."""

    class Kind(models.TextChoices):
        CHECK = "check", "Check"
        STEP = "step", "Step or question"
        SPEED = "speed", "Timed part"

    class Result(models.TextChoices):
        FAILED = "failed", "Failed"  # a wrong step too
        SKIPPED = "skipped", "Not run"
        FOLLOWED = "followed", "Right for an earlier error"
        MEASURED = "measured", "Measured"  # of a timed part alone

    verdict = models.ForeignKey("submissions.Verdict", models.CASCADE, related_name="findings")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=120)  # the id in the verdict
    result = models.CharField(max_length=8, choices=Result)
    mistake = models.CharField(max_length=200, blank=True)  # its name; blank: none was recognised
    value = models.FloatField(null=True)  # of a timed part

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verdict", "kind", "name"], name="finding_once"),
            models.CheckConstraint(
                name="finding_measured_has_value",
                condition=models.Q(kind="speed", result="measured", value__isnull=False)
                | (~models.Q(kind="speed") & ~models.Q(result="measured")),
            ),
        ]
        indexes = [models.Index(fields=["item", "mistake"], name="finding_mistakes")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} of verdict {self.verdict_id}: {self.result}"
