"""Exercises and their versions, as this site knows them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class Unit(models.Model):
    """A group of exercises: a folder of exercises/."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.title


class Exercise(models.Model):
    """One exercise of the bank, whatever its version."""

    slug = models.SlugField(max_length=60, unique=True)  # the id in exercise.toml
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exercises")
    title = models.CharField(max_length=160)  # of the newest version, for lists
    kind = models.CharField(max_length=16)
    difficulty = models.PositiveSmallIntegerField(default=1)  # 1 to 5
    order = models.PositiveSmallIntegerField(default=0)  # within the unit
    newest = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+"
    )  # what a new item is pinned to
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, null=True, related_name="own_exercises"
    )  # whose staff wrote it, and which alone may use it; none: the site's

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One state of an exercise folder. Never changed; its bundle is a blob in the data folder."""

    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="versions")
    digest = models.CharField(max_length=71, unique=True)  # sha256:...
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=16)
    points = models.DecimalField(max_digits=7, decimal_places=3)
    flavour = models.CharField(max_length=16)
    manifest = models.JSONField()  # exercise.toml, validated, as JSON
    statement = models.TextField()  # Markdown with {{ numbers }}
    starter = models.TextField(blank=True)
    has_code = models.BooleanField()  # asks for solution.py
    has_answers = models.BooleanField()  # asks for answers.json
    is_personal = models.BooleanField()  # numbers, items or starter are drawn for each student
    has_gpu_part = models.BooleanField(default=False)  # a second job, in lane gpu
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="version_asks_for_something", condition=Q(has_code=True) | Q(has_answers=True)
            ),
            models.CheckConstraint(name="version_points_positive", condition=Q(points__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.digest[7:15]})"

    @property
    def part_names(self) -> tuple[str, ...]:
        """The parts that a submission for it may have."""
        code = ("solution.py",) if self.has_code else ()
        return (*code, "answers.json") if self.has_answers else code

    @property
    def limits(self) -> dict[str, Any]:
        limits = self.manifest.get("limits", {})
        return dict(limits)
