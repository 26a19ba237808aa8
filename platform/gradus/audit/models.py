"""Who did what to marks, rules, people and tokens. Only ever added; the database refuses more."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act of one person. No address is kept: it would name a place, and prove nothing."""

    at = models.DateTimeField()
    course_id = models.PositiveBigIntegerField(null=True)  # a number: courses are a higher layer
    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )  # none: a command on the server
    token = models.CharField(max_length=12, blank=True)  # prefix of the token that was used
    action = models.CharField(max_length=40)  # one of `Action`, or of an earlier release
    about = models.CharField(max_length=200, blank=True)  # the object, in words
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )  # whom it was done to
    changes = models.JSONField(default=dict)  # {"points": [before, after]}, at most 4 KiB

    class Meta:
        indexes = [
            models.Index(fields=["course_id", "-id"], name="entry_of_course"),
            models.Index(fields=["course_id", "action", "-id"], name="entry_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.about}"
