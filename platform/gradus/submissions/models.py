"""What students hand in, the jobs that grade it, and the verdicts."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User
from gradus.catalog.models import Version
from gradus.courses.models import STAFF, Enrolment, Item, extension_at
from gradus.submissions.drafts.models import Draft, DraftState
from gradus.submissions.findings.models import Finding

__all__ = [
    "Artifact", "Draft", "DraftState", "Finding", "Job", "StudentItem", "Submission",
    "SubmissionQuerySet", "Verdict",
]  # fmt: skip


class StudentItem(models.Model):
    """What one student's page of an item needs: numbers, drawn once for ever; form and starter."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="student_items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="student_items")
    practice = models.PositiveSmallIntegerField(
        default=0
    )  # 0: the graded numbers; 1, 2, …: practice
    numbers = models.JSONField(null=True)
    form = models.JSONField(null=True)  # fields of by-hand and quiz; no keys of right answers
    figure = models.JSONField(null=True)
    starter = models.TextField(blank=True)
    prepared_at = models.DateTimeField(null=True)  # none: not yet, or not for the item's version
    fault = models.TextField(blank=True)  # why it could not be drawn; for staff
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "item", "practice"], name="student_item_once"
            )
        ]

    def __str__(self) -> str:
        return f"item {self.item_id} of enrolment {self.enrolment_id}"

    @property
    def is_prepared(self) -> bool:
        return self.prepared_at is not None


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> SubmissionQuerySet:
        """One's own in courses one is still in, and all of a course for its staff.

        Practice is seen by its student alone, a console call nowhere but in the console.
        """
        mine = Enrolment.objects.filter(
            user=user, is_active=True, course=OuterRef("item__assignment__course")
        )
        own = Q(enrolment__user=user)
        staff = Exists(mine.filter(role__in=STAFF)) & ~Q(mode="practice")
        return self.exclude(mode="console").filter(Exists(mine) & own | staff)

    def graded(self) -> SubmissionQuerySet:
        """Without Runs, practice and console calls."""
        return self.filter(mode="submit")

    def with_standing(self) -> SubmissionQuerySet:
        """Fetch what a standing needs: a fixed number of queries, however many rows."""
        jobs = Job.objects.select_related("verdict").order_by("pk")
        related = ("item__assignment__course", "item__version", "item__exercise", "enrolment__user")
        extended = extension_at("enrolment", "item__assignment")
        rows = self.select_related(*related).annotate(extended_to=extended)
        return rows.prefetch_related(Prefetch("jobs", queryset=jobs))


class Submission(models.Model):
    """What one student sent for an item. Written once; only `given_back` may be set later."""

    class Mode(models.TextChoices):
        SUBMIT = "submit", _("Submit")
        # None of these has an attempt or a grade event; they are kept for 24 h.
        RUN = "run", _("Run")  # visible checks only
        CONSOLE = "console", _("Console")  # own calls; the job holds what was said, no verdict
        PRACTICE = "practice", _("Practice")  # a by-hand sheet with fresh numbers

    item = models.ForeignKey(Item, models.PROTECT, related_name="submissions")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    student_item = models.ForeignKey(
        StudentItem, models.PROTECT, null=True, related_name="submissions"
    )
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.SUBMIT)
    attempt = models.PositiveIntegerField(
        null=True
    )  # 1, 2, 3, … per student and item; only for what is submitted
    given_back = models.BooleanField(default=False)  # invalid, or our fault: does not count
    parts = models.JSONField()  # text by name: solution.py, answers.json
    sha256 = models.CharField(max_length=64)  # of the parts
    received_at = models.DateTimeField(default=timezone.now)  # the time that deadlines use
    idempotency = models.CharField(  # noqa: DJ001 - unique, so "none" must be null
        max_length=64, null=True, unique=True, editable=False
    )  # sha256 of user and Idempotency-Key

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "item", "attempt"], name="submission_attempt_once"
            ),
            models.CheckConstraint(
                name="submission_attempt_where_submitted",
                condition=Q(mode__in=["run", "console", "practice"], attempt__isnull=True)
                | Q(mode="submit", attempt__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["enrolment", "item", "mode", "-received_at"]),
            # Not by mode first: nearly all rows have the same, and SQLite would not know.
            models.Index(fields=["received_at", "mode"], name="submission_by_age"),
            models.Index(fields=["item", "mode", "id"], name="submission_of_item"),
            models.Index(  # all that statistics of a class read: rows hold whole files
                fields=["item", "mode", "enrolment", "received_at", "given_back", "id"],
                name="submission_effort",
            ),
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}, attempt {self.attempt}"


class Seen(models.Manager["Job"]):
    """Without regrades that are not applied: they change nothing that anybody is told."""

    def get_queryset(self) -> models.QuerySet[Job]:
        return super().get_queryset().exclude(regrade__in=Job.HIDDEN)


class SeenVerdicts(models.Manager["Verdict"]):
    """Those of such jobs."""

    def get_queryset(self) -> models.QuerySet[Verdict]:
        return super().get_queryset().exclude(job__regrade__in=Job.HIDDEN)


class Job(models.Model):
    """One grading of one submission, or one drawing of numbers. A regrade adds a job."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        ERROR = "error", _("Stopped by a fault of ours")

    class Lane(models.TextChoices):
        CPU = "cpu", "CPU"
        GPU = "gpu", "GPU"
        LIGHT = "light", _("Light")

    class Selection(models.TextChoices):
        """Which part of the exercise it grades."""

        ALL = "all", _("Everything")
        VISIBLE = "visible", _("Visible checks")
        CORRECTNESS = "correctness", _("Correctness")
        SPEED = "speed", _("Speed")

    class Regrade(models.TextChoices):
        """Where a job of a regrade run stands."""

        NO = "", _("No regrade")
        HELD = "held", _("Its verdict is not applied")
        PAUSED = "paused", _("Not applied, and not begun before the run goes on")
        APPLIED = "applied", _("Its verdict counts")

    HIDDEN = (Regrade.HELD, Regrade.PAUSED)

    submission = models.ForeignKey(Submission, models.CASCADE, null=True, related_name="jobs")
    student_item = models.ForeignKey(
        StudentItem, models.CASCADE, null=True, related_name="jobs"
    )  # set for a drawing of numbers (all) and a recording of examples (visible)
    lane = models.CharField(max_length=8, choices=Lane)
    selection = models.CharField(max_length=12, choices=Selection, default=Selection.ALL)
    fair_key = models.CharField(max_length=32)  # whose turn it is: the student
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)  # claims so far, by any worker
    seed = models.BinaryField(max_length=16, editable=False)  # tries and regrades reuse it
    token = models.UUIDField(null=True, editable=False)  # whose verdict will be accepted
    lease_until = models.DateTimeField(null=True, editable=False)
    not_before = models.DateTimeField(default=timezone.now)  # pause after a fault of ours
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)  # of the last try
    ended_at = models.DateTimeField(null=True)
    progress = models.JSONField(null=True)  # while it runs; cleared by the verdict
    fault = models.TextField(blank=True)  # what went wrong on our side; for staff
    said = models.JSONField(null=True)  # of a console call: {"output", "value"}
    regrade = models.CharField(max_length=8, choices=Regrade, blank=True, default="")
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+"
    )  # of a regrade; none: the item's
    thresholds = models.JSONField(null=True)  # of a regrade, by check; none: the item's

    objects = Seen()
    everything = models.Manager["Job"]()  # for those who hand out and end jobs

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_has_one_subject",
                condition=Q(submission__isnull=True, student_item__isnull=False)
                | Q(submission__isnull=False, student_item__isnull=True),
            ),
            models.CheckConstraint(
                name="running_job_has_token_and_lease",
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_job_has_no_token",
                condition=~Q(state__in=["done", "error"]) | Q(token__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["student_item"],
                condition=Q(state__in=["queued", "running"]),
                name="one_open_drawing",
            ),
            models.CheckConstraint(
                name="job_regrade_known",
                condition=Q(regrade="")
                | Q(regrade__in=["held", "paused", "applied"], submission__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "state", "not_before"]),
            models.Index(fields=["fair_key", "state", "ended_at"]),
            models.Index(fields=["state", "submission"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}: {self.state}"

    @property
    def is_regrade(self) -> bool:
        return self.regrade != Job.Regrade.NO


class Verdict(models.Model):
    """What a job produced. Written once."""

    class Status(models.TextChoices):
        PASSED = "passed", _("Passed")
        PARTIAL = "partial", _("Partly passed")
        FAILED = "failed", _("Failed")
        INVALID = "invalid", _("Could not be graded")
        ERROR = "error", _("A fault of ours")

    job = models.OneToOneField(Job, models.CASCADE, related_name="verdict")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="verdicts")
    status = models.CharField(max_length=8, choices=Status)
    points = models.DecimalField(max_digits=8, decimal_places=3)  # of the exercise, not of the item
    max_points = models.DecimalField(max_digits=8, decimal_places=3)
    body = models.JSONField()  # the verdict as the grader wrote it; leaves only through redact
    created_at = models.DateTimeField(default=timezone.now)

    objects = SeenVerdicts()
    everything = models.Manager["Verdict"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verdict_points_in_range",
                condition=Q(points__gte=0, points__lte=models.F("max_points")),
            )
        ]
        indexes = [models.Index(fields=["submission", "created_at"])]

    def __str__(self) -> str:
        return f"verdict of job {self.job_id}: {self.status}"


class Artifact(models.Model):
    """Figure data that a verdict refers to by hash; the bytes are a blob in the data folder."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="artifacts")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=128)
    media = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "sha256"], name="artifact_once")]

    def __str__(self) -> str:
        return f"{self.name} of job {self.job_id}"
