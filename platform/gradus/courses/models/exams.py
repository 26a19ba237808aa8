"""Who entered which exam."""

from __future__ import annotations

from django.db import models

from gradus.courses.models.assignments import Assignment
from gradus.courses.models.people import Enrolment


class ExamEntry(models.Model):
    """A student gave the password of an exam, and need not give this one again."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="exam_entries")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="exam_entries")
    password = models.CharField(max_length=128)  # the hash that was given; another one ends it
    address = models.GenericIPAddressField(null=True)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["assignment", "enrolment"])]

    def __str__(self) -> str:
        return f"entry of {self.enrolment_id} into assignment {self.assignment_id}"
