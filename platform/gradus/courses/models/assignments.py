"""What is assigned: assignments with their windows, their items, extensions and excuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User
from gradus.catalog.models import Exercise, Version
from gradus.courses.late import LatePolicy
from gradus.courses.models.groups import AssignmentGroup
from gradus.courses.models.people import STAFF, Course, Enrolment, Section
from gradus.courses.windows import Window


class Reveal(models.TextChoices):
    """How much of a hidden check a student is told."""

    FULL = "full", _("Everything: input, expected value, own output")
    CATEGORY = "category", _("Title and mistake")
    NOTHING = "nothing", _("Points only")


def _seen(user: User, course: str, assignment: str, now: datetime) -> Q:
    """Staff see all of their course; others see what is published and has opened."""
    mine = Enrolment.objects.filter(user=user, is_active=True, course=OuterRef(course))
    opened = Q(**{f"{assignment}opens_at__isnull": True}) | Q(**{f"{assignment}opens_at__lte": now})
    published = Q(**{f"{assignment}is_published": True})
    return Exists(mine.filter(role__in=STAFF)) | Exists(mine) & opened & published


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User, now: datetime) -> AssignmentQuerySet:
        """Each with this person's own deadline."""
        seen = self.filter(_seen(user, "course", "", now))
        return seen.select_related("course").annotate(**{"extended_to": extension_of(user, "pk")})


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User, now: datetime) -> ItemQuerySet:
        return self.filter(_seen(user, "assignment__course", "assignment__", now))


class Assignment(models.Model):
    """A list of items with a window, a weight and a policy."""

    class Counting(models.TextChoices):
        BEST = "best", _("The best submission counts")
        LATEST = "latest", _("The latest submission counts")
        AVERAGE = "average", _("The average of all submissions counts")

    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=160)
    intro = models.TextField(blank=True)  # Markdown
    order = models.PositiveSmallIntegerField(default=0)
    opens_at = models.DateTimeField(null=True, blank=True)  # none: as soon as it is published
    due_at = models.DateTimeField(null=True, blank=True)  # last moment in time; none: no end
    late_until = models.DateTimeField(
        null=True, blank=True
    )  # nothing is accepted after it; none: the course's late days
    solutions_at = models.DateTimeField(null=True, blank=True)  # none: never shown
    grace_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # none: the course's
    late_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )  # none: the course's; so are the next ones
    late_most_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    most_late_days = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # of the student's late days that may be used here; none: all
    group = models.ForeignKey(
        AssignmentGroup, models.PROTECT, null=True, blank=True, related_name="assignments"
    )  # none: it counts by itself
    weight = models.DecimalField(
        max_digits=6, decimal_places=3, default=Decimal(1)
    )  # within the group, or in the total
    reveal = models.CharField(max_length=8, choices=Reveal, default=Reveal.FULL)
    reveal_after_due = models.CharField(max_length=8, choices=Reveal, default=Reveal.FULL)
    exam_password = models.CharField(max_length=128, blank=True)  # hashed; blank: none is asked
    exam_networks = models.JSONField(default=list, blank=True)  # in CIDR notation; none: any
    holds_feedback = models.BooleanField(default=False)  # until it is released
    released_at = models.DateTimeField(null=True, blank=True)
    counting = models.CharField(max_length=8, choices=Counting, default=Counting.BEST)
    is_published = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assignment_opens_before_due",
                condition=Q(opens_at__isnull=True)
                | Q(due_at__isnull=True)
                | Q(opens_at__lt=F("due_at")),
            ),
            models.CheckConstraint(
                name="assignment_late_after_due",
                condition=Q(late_until__isnull=True)
                | Q(due_at__isnull=False, late_until__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="assignment_solutions_after_hand_in",
                condition=Q(solutions_at__isnull=True)
                | (
                    (Q(due_at__isnull=True) | Q(solutions_at__gte=F("due_at")))
                    & (Q(late_until__isnull=True) | Q(solutions_at__gte=F("late_until")))
                ),
            ),
            models.CheckConstraint(
                name="assignment_late_percents",
                condition=(Q(late_percent__isnull=True) | Q(late_percent__range=(0, 100)))
                & (Q(late_most_percent__isnull=True) | Q(late_most_percent__range=(0, 100))),
            ),
            models.CheckConstraint(name="assignment_weight_positive", condition=Q(weight__gte=0)),
            models.CheckConstraint(
                name="assignment_reveal_known",
                condition=Q(reveal__in=Reveal.values) & Q(reveal_after_due__in=Reveal.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    extended_to: datetime | None = None  # an extension of whom it was loaded for, as `visible_to`

    @property
    def window(self) -> Window:
        """Of whom it was loaded for; `course` should be loaded."""
        course, own = self.course, self.grace_minutes
        return Window(
            zone=course.zone,
            opens_at=self.opens_at,
            due_at=self.due_at,
            late_until=self.late_until,
            solutions_at=self.solutions_at,
            grace=timedelta(minutes=course.grace_minutes if own is None else own),
            late_days=course.late_days,
        ).extended(self.extended_to)

    @property
    def has_door(self) -> bool:
        """Whether one may have to be in a network, or know a password."""
        return bool(self.exam_password or self.exam_networks)

    @property
    def is_held(self) -> bool:
        """Whether students are told no result yet."""
        return self.holds_feedback and self.released_at is None

    @property
    def late_policy(self) -> LatePolicy:
        course = self.course
        percent, most, days = self.late_percent, self.late_most_percent, self.most_late_days
        bank = course.late_day_bank
        return LatePolicy(
            percent_per_day=course.late_percent if percent is None else percent,
            most_percent=course.late_most_percent if most is None else most,
            most_late_days=bank if days is None else min(days, bank),
        )

    def has_opened(self, now: datetime) -> bool:
        return self.opens_at is None or self.opens_at <= now

    @property
    def own_due_at(self) -> datetime | None:
        """The deadline of whom it was loaded for."""
        if self.due_at is None or self.extended_to is None:
            return self.due_at
        return max(self.due_at, self.extended_to)

    def is_past_due(self, now: datetime) -> bool:
        return self.own_due_at is not None and now > self.own_due_at

    def has_closed(self, now: datetime) -> bool:
        """Whether nothing is accepted any more, late work included."""
        return self.is_past_due(now) and self.window.has_closed(now)


class Item(models.Model):
    """One exercise, pinned to a version, in an assignment."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="items")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="items")
    version = models.ForeignKey(Version, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    points = models.DecimalField(max_digits=7, decimal_places=3)  # what full marks are worth here
    human_points = models.DecimalField(
        max_digits=7, decimal_places=3, default=Decimal(0)
    )  # of these, for the part that people mark; 0: there is none
    is_extra = models.BooleanField(default=False)  # its points are added, nobody misses them
    max_attempts = models.PositiveSmallIntegerField(null=True, blank=True)  # none: no limit
    cooldown_seconds = models.PositiveIntegerField(default=0)  # between two submissions
    thresholds = models.JSONField(
        default=dict, blank=True
    )  # of performance checks, by name, where they differ from the exercise's

    withdrawn_at = models.DateTimeField(null=True, blank=True)  # counts for nobody until restored
    withdrawn_why = models.TextField(blank=True)  # for students too

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "exercise"], name="item_exercise_once"),
            models.CheckConstraint(name="item_points_positive", condition=Q(points__gt=0)),
            models.CheckConstraint(
                name="item_has_automatic_points",
                condition=Q(human_points__gte=0, human_points__lt=F("points")),
            ),
            models.CheckConstraint(
                name="item_has_an_attempt",
                condition=Q(max_attempts__isnull=True) | Q(max_attempts__gte=1),
            ),
            models.CheckConstraint(
                name="withdrawn_item_says_why",
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk} of assignment {self.assignment_id}"

    @property
    def automatic_points(self) -> Decimal:
        """What a verdict with full marks is worth here."""
        return self.points - self.human_points


class AllowanceQuerySet(models.QuerySet["Allowance"]):
    def in_force(self) -> AllowanceQuerySet:
        """What was not taken back."""
        return self.exclude(kind="undo").filter(undone_by__isnull=True)


class Allowance(models.Model):
    """A later deadline, or an excuse, for one student or one section; or what takes one back."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("Extension")
        EXCUSE = "excuse", _("Excuse")
        UNDO = "undo", _("Taken back")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="allowances")
    kind = models.CharField(max_length=9, choices=Kind)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, related_name="allowances"
    )  # of one student; else of a section
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="allowances")
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, related_name="allowances"
    )  # of an excuse; none: the whole assignment
    due_at = models.DateTimeField(null=True)  # of an extension
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.TextField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="allowance_is_one_kind",
                condition=Q(kind="extension", due_at__isnull=False, item__isnull=True)
                & Q(undoes__isnull=True)
                | Q(kind="excuse", due_at__isnull=True, undoes__isnull=True)
                | Q(kind="undo", due_at__isnull=True, undoes__isnull=False),
            ),
            models.CheckConstraint(
                name="allowance_for_one_or_a_section",
                condition=Q(enrolment__isnull=False, section__isnull=True)
                | Q(enrolment__isnull=True, section__isnull=False),
            ),
            models.CheckConstraint(name="allowance_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="allowance_undoes_another",
                condition=Q(undoes__isnull=True) | ~Q(undoes=F("pk")),
            ),
        ]
        indexes = [models.Index(fields=["assignment", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} for assignment {self.assignment_id}"


def extension_of(user: User, assignment: str) -> Subquery:
    """The latest extension of this person, as an annotation; `assignment` is a path to its id."""
    own = Q(enrolment__user=user, enrolment__is_active=True)
    section = Q(section__enrolments__user=user, section__enrolments__is_active=True)
    return _latest(own | section, assignment)


def extension_at(enrolment: str, assignment: str) -> Subquery:
    """The same for the student of each row; `enrolment` is a path to it."""
    own = Q(enrolment=OuterRef(enrolment)) | Q(section=OuterRef(f"{enrolment}__section"))
    return _latest(own, assignment)


def _latest(whose: Q, assignment: str) -> Subquery:
    extensions = Allowance.objects.in_force().filter(kind=Allowance.Kind.EXTENSION)
    found = extensions.filter(whose, assignment=OuterRef(assignment))
    return Subquery(found.order_by("-due_at").values("due_at")[:1])
