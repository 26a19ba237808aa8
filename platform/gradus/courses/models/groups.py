"""Groups of assignments."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from gradus.courses.models.people import Course

MOST_DROPPED = 20


class AssignmentGroup(models.Model):
    """Assignments that count together, such as all weekly sheets; the lowest may be dropped."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=80)
    weight = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))
    drop_lowest = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="group_name_once"),
            models.CheckConstraint(name="group_weight_positive", condition=Q(weight__gte=0)),
            models.CheckConstraint(
                name="group_drops_a_few", condition=Q(drop_lowest__lte=MOST_DROPPED)
            ),
        ]

    def __str__(self) -> str:
        return self.name
