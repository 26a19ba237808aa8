"""Rubrics and what people mark by them. Both are only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gradus.accounts.models import User
from gradus.courses.models import Enrolment, Item
from gradus.submissions.models import Submission


class Rubric(models.Model):
    """What people mark of an item. A change is a new row, and the newest counts."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="rubrics")
    number = models.PositiveIntegerField()  # 1, 2, 3, … of the item
    criteria = models.JSONField()  # see `criteria.py`; empty: people mark nothing any more
    points = models.DecimalField(max_digits=7, decimal_places=3)  # of all criteria
    is_anonymous = models.BooleanField(default=True)  # until students are told
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="rubric_number_once"),
            models.CheckConstraint(name="rubric_points_positive", condition=Q(points__gte=0)),
        ]

    def __str__(self) -> str:
        return f"rubric {self.number} of item {self.item_id}"


class HumanMark(models.Model):
    """What one person gave one student for an item. Corrected by another one in its place."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="marks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="human_marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="human_marks")
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="human_marks"
    )  # the one that was read
    levels = models.JSONField()  # the chosen one of each criterion, counted from 0
    points = models.DecimalField(max_digits=7, decimal_places=3)
    comment = models.TextField(blank=True)
    marker = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by"
    )  # two people cannot both replace the same mark
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "enrolment"],
                condition=Q(replaces__isnull=True),
                name="human_mark_has_one_beginning",
            ),
            models.CheckConstraint(name="human_mark_points_positive", condition=Q(points__gte=0)),
        ]
        indexes = [models.Index(fields=["item", "enrolment", "-id"], name="human_mark_newest")]

    def __str__(self) -> str:
        return f"{self.points} points by people for item {self.item_id}"


class RubricRelease(models.Model):
    """Students are told what people marked; what changes after it, they are told at once."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="rubric_release")
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"release of item {self.item_id}"
