"""Working copies of exercises, their files, and the jobs that a grader does for authors."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from gradus.accounts.models import User
from gradus.catalog.models import Exercise, Version
from gradus.courses.models import Course


class WorkingCopy(models.Model):
    """The files of an exercise as its authors have them now: what the next version will be.

    Its exercise holds the id, which never changes, and has no version before the first publication.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="working_copies")
    exercise = models.OneToOneField(Exercise, models.CASCADE, related_name="working_copy")
    title = models.CharField(max_length=160)  # of the last exercise.toml that could be read
    kind = models.CharField(max_length=16)
    digest = models.CharField(max_length=71)  # of the files; that of a run must equal it
    fault = models.TextField(blank=True)  # why they are no exercise: file:line: message
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # can be brought back for a while

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return f"working copy {self.pk} of exercise {self.exercise_id}"


class CopyFile(models.Model):
    """One state of one file. Those that are gone are kept for a while, to be brought back."""

    copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)  # replaced, or deleted

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "copy", Lower("path"), condition=Q(gone_at__isnull=True), name="copy_file_once"
            )
        ]
        indexes = [models.Index(fields=["copy", "gone_at"], name="copy_files_gone")]

    def __str__(self) -> str:
        return f"{self.path} of working copy {self.copy_id}"


class AuthorJob(models.Model):
    """What a grader does for an author: all gates of some files, or one drawing of numbers."""

    class Op(models.TextChoices):
        VERIFY = "verify", "Verify"
        PREPARE = "prepare", "Preview"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"
        ERROR = "error", "Could not be done"

    copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="jobs")
    op = models.CharField(max_length=8, choices=Op)
    digest = models.CharField(max_length=71)  # of the files, whose bundle is a blob
    seeds = models.PositiveSmallIntegerField(default=0)  # of verify: how many draws
    student_seed = models.CharField(max_length=64, blank=True)  # of prepare: draws the numbers
    numbers = models.JSONField(null=True)  # of prepare: those that a student has
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, editable=False)  # whose result will be accepted
    lease_until = models.DateTimeField(null=True, editable=False)
    not_before = models.DateTimeField()
    gates = models.JSONField(default=list)  # of verify, as the grader told them
    gate_count = models.PositiveIntegerField(default=0)
    red_count = models.PositiveIntegerField(default=0)
    measured = models.JSONField(null=True)  # of verify: what derived.json holds
    prepared = models.JSONField(null=True)  # of prepare: numbers, starter, form, figure
    fault = models.TextField(blank=True)  # why it could not be done
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # of the last try
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(op="verify", state__in=["queued", "running"]),
                name="one_open_verification",
            ),
            models.CheckConstraint(
                name="running_author_job_has_token_and_lease",
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_author_job_has_no_token",
                condition=Q(state__in=["queued", "running"]) | Q(token__isnull=True),
            ),
            models.CheckConstraint(
                name="done_verification_is_measured",
                condition=~Q(op="verify", state="done") | Q(measured__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["op", "state", "not_before"], name="author_job_queue")]

    def __str__(self) -> str:
        return f"{self.op} {self.pk}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_green(self) -> bool:
        """Whether every gate held."""
        done = self.op == self.Op.VERIFY and self.state == self.State.DONE
        return done and self.gate_count > 0 and self.red_count == 0


class Publication(models.Model):
    """Who published which version, and the verification that it rests on. Never changed."""

    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="publications")
    version = models.ForeignKey(Version, models.PROTECT, related_name="publications")
    verified = models.CharField(max_length=71)  # digest of the files before derived.json
    gate_count = models.PositiveIntegerField()
    seeds = models.PositiveSmallIntegerField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="publication_was_verified", condition=Q(gate_count__gt=0, seeds__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"publication of version {self.version_id}"
