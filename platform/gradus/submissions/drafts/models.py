from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradus.courses.models import Enrolment, Item


class Why(models.TextChoices):
    """What made a state."""

    TYPED = "typed", _("Written")
    RESET = "reset", _("Reset to the starter")
    UPLOAD = "upload", _("Uploaded")
    NOTEBOOK = "notebook", _("Taken from a notebook")
    RESTORED = "restored", _("Restored")
    SENT = "sent", _("Run or submitted")
    ASIDE = "aside", _("Set aside: another device had saved later")


class Draft(models.Model):
    """The latest state of a student's files for an item. Never graded."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="drafts")
    item = models.ForeignKey(Item, models.CASCADE, related_name="drafts")
    parts = models.JSONField()  # text by name, as in a submission
    why = models.CharField(max_length=8, choices=Why, default=Why.TYPED)
    revision = models.PositiveIntegerField(default=1)  # one more with each change
    page = models.CharField(max_length=32, blank=True)  # the opened page that saved it
    saved_at = models.DateTimeField(default=timezone.now)
    minute_at = models.DateTimeField(default=timezone.now)  # since when `minute_saves` counts
    minute_saves = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="draft_once"),
            models.CheckConstraint(name="draft_has_revision", condition=Q(revision__gte=1)),
        ]

    def __str__(self) -> str:
        return f"draft {self.revision} of item {self.item_id}, enrolment {self.enrolment_id}"


class DraftState(models.Model):
    """An earlier state that can be restored."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="states")
    parts = models.JSONField()
    why = models.CharField(max_length=8, choices=Why)
    size_bytes = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["draft", "-id"])]

    def __str__(self) -> str:
        return f"state {self.pk} of draft {self.draft_id}"
