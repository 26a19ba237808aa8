"""Regrade runs: which submissions are graded again, and what came of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User
from gradus.catalog.models import Version
from gradus.courses.models import Course, Item
from gradus.gradebook.models import GradeEvent
from gradus.questions.models import Question
from gradus.submissions.models import Submission


class Run(models.Model):
    """One regrade. Its verdicts change nothing before it is applied."""

    class Scope(models.TextChoices):
        ALL = "all", _("All submissions")
        COUNTING = "counting", _("The submissions that count now")
        STUDENTS = "students", _("All submissions of chosen students")
        CHECK = "check", _("Submissions that failed one check")
        FAULT = "fault", _("Submissions stopped by a fault of ours")
        ONE = "one", _("One submission")

    class State(models.TextChoices):
        GRADING = "grading", _("Grading, or waiting for a decision")
        STOPPED = "stopped", _("Stopped")
        APPLIED = "applied", _("Applied")
        REVERSED = "reversed", _("Taken back")
        DISCARDED = "dropped", _("Discarded")

    course = models.ForeignKey(Course, models.PROTECT, related_name="regrade_runs")
    scope = models.CharField(max_length=8, choices=Scope)
    check_id = models.CharField(max_length=120, blank=True)  # of scope "check"
    students = models.JSONField(default=list)  # enrolments, of scope "students"
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, related_name="regrade_runs"
    )  # which made staff look
    reason = models.TextField()  # students whose mark changes read it
    state = models.CharField(max_length=8, choices=State, default=State.GRADING)
    lowers = models.BooleanField(default=False)  # every mark that comes out lower
    moved_items = models.BooleanField(default=False)  # when it was applied
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # taken back or discarded

    class Meta:
        indexes = [models.Index(fields=["course", "-id"], name="runs_of_course")]
        constraints = [
            models.CheckConstraint(name="run_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="run_applied_by_somebody",
                condition=Q(state__in=["applied", "reversed"], applied_by__isnull=False)
                | Q(state__in=["grading", "stopped", "dropped"], applied_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"regrade run {self.pk}"

    @property
    def fair_key(self) -> str:
        """Of its jobs, and of nobody else's."""
        return f"regrade-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (Run.State.GRADING, Run.State.STOPPED)


class RunItem(models.Model):
    """An item of a run, with what it is graded by."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="regrades")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    thresholds = models.JSONField(default=dict)  # as those of the item
    is_open = models.BooleanField(default=True)  # as the run
    old_version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+"
    )  # of the item, before applying moved it
    old_thresholds = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="run_item_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(is_open=True), name="one_open_run_of_an_item"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.item_id} of run {self.run_id}"


class Regrading(models.Model):
    """One submission of a run. Its jobs are those of the submission with the run's fair key."""

    class Hindrance(models.TextChoices):
        """Why it was not even tried."""

        NONE = "", _("None")
        NUMBERS = "numbers", _("Incompatible numbers")

    run = models.ForeignKey(Run, models.CASCADE, related_name="regradings")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="regradings")
    hindrance = models.CharField(max_length=8, choices=Hindrance, blank=True)
    may_lower = models.BooleanField(default=False)  # this student's mark, whatever the run says
    event = models.OneToOneField(
        GradeEvent, models.PROTECT, null=True, related_name="regrading"
    )  # by which it was applied

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "submission"], name="regrading_once")]

    def __str__(self) -> str:
        return f"submission {self.submission_id} in run {self.run_id}"
