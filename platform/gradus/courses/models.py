"""Courses, the people in them, and what is assigned."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from gradus.accounts.models import User
from gradus.catalog.models import Exercise, Version


class Reveal(models.TextChoices):
    """How much of a hidden check a student is told."""

    FULL = "full", "Everything: input, expected value, own output"
    CATEGORY = "category", "Title and mistake"
    NOTHING = "nothing", "Points only"


class Role(models.TextChoices):
    """What a person is in a course."""

    OWNER = "owner", "Owner"
    INSTRUCTOR = "instructor", "Instructor"
    ASSISTANT = "assistant", "Assistant"
    REVIEWER = "reviewer", "Reviewer"
    STUDENT = "student", "Student"
    OBSERVER = "observer", "Observer"


STAFF = (Role.OWNER, Role.INSTRUCTOR, Role.ASSISTANT, Role.REVIEWER)  # read every submission
TEACHERS = (Role.OWNER, Role.INSTRUCTOR)  # change the course


def _seen(user: User, course: str, assignment: str, now: datetime) -> Q:
    """Staff see all of their course; others see what is published and has opened."""
    mine = Enrolment.objects.filter(user=user, is_active=True, course=OuterRef(course))
    opened = Q(**{f"{assignment}opens_at__isnull": True}) | Q(**{f"{assignment}opens_at__lte": now})
    published = Q(**{f"{assignment}is_published": True})
    return Exists(mine.filter(role__in=STAFF)) | Exists(mine) & opened & published


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User) -> CourseQuerySet:
        """Courses in which this person has an active enrolment."""
        mine = Enrolment.objects.filter(user=user, is_active=True, course=OuterRef("pk"))
        return self.filter(Exists(mine))


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User, now: datetime) -> AssignmentQuerySet:
        return self.filter(_seen(user, "course", "", now))


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User, now: datetime) -> ItemQuerySet:
        return self.filter(_seen(user, "assignment__course", "assignment__", now))


class Course(models.Model):
    """A class in one term."""

    title = models.CharField(max_length=160)
    term = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    is_archived = models.BooleanField(default=False)  # read only
    join_code = models.CharField(max_length=16, blank=True)  # lets people enrol; blank: nobody can

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["join_code"], condition=~Q(join_code=""), name="join_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A group in a course."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="sections")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="section_name_once")]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """A person in a course, with a role."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(User, models.PROTECT, related_name="enrolments")
    role = models.CharField(max_length=12, choices=Role)
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="enrolments"
    )
    id_number = models.CharField(max_length=64, blank=True)  # the registrar's, for this course
    is_active = models.BooleanField(default=True)  # one who left keeps the history
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="enrolment_once"),
            models.UniqueConstraint(
                fields=["course", "id_number"], condition=~Q(id_number=""), name="id_number_once"
            ),
            models.CheckConstraint(name="enrolment_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id} in course {self.course_id}"

    @property
    def is_staff(self) -> bool:
        """Reads everyone's submissions."""
        return self.is_active and self.role in STAFF

    @property
    def is_teacher(self) -> bool:
        """May change the course and its assignments."""
        return self.is_active and self.role in TEACHERS


class RosterUpload(models.Model):
    """A roster file between its preview and the confirmation; gone after that, or a day later."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    uploader = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    text = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"roster file for course {self.course_id}"


class Assignment(models.Model):
    """A list of items with a window, a weight and a policy."""

    class Counting(models.TextChoices):
        BEST = "best", "The best submission counts"
        LATEST = "latest", "The latest submission counts"
        AVERAGE = "average", "The average of all submissions counts"

    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=160)
    intro = models.TextField(blank=True)  # Markdown
    order = models.PositiveSmallIntegerField(default=0)
    opens_at = models.DateTimeField(null=True, blank=True)  # none: as soon as it is published
    due_at = models.DateTimeField(null=True, blank=True)  # last moment to submit; none: no end
    weight = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))
    reveal = models.CharField(max_length=8, choices=Reveal, default=Reveal.FULL)
    reveal_after_due = models.CharField(max_length=8, choices=Reveal, default=Reveal.FULL)
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
            models.CheckConstraint(name="assignment_weight_positive", condition=Q(weight__gte=0)),
            models.CheckConstraint(
                name="assignment_reveal_known",
                condition=Q(reveal__in=Reveal.values) & Q(reveal_after_due__in=Reveal.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def has_opened(self, now: datetime) -> bool:
        return self.opens_at is None or self.opens_at <= now

    def is_past_due(self, now: datetime) -> bool:
        return self.due_at is not None and now > self.due_at


class Item(models.Model):
    """One exercise, pinned to a version, in an assignment."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="items")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="items")
    version = models.ForeignKey(Version, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    points = models.DecimalField(max_digits=7, decimal_places=3)  # what full marks are worth here
    max_attempts = models.PositiveSmallIntegerField(null=True, blank=True)  # none: no limit
    cooldown_seconds = models.PositiveIntegerField(default=0)  # between two submissions

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "exercise"], name="item_exercise_once"),
            models.CheckConstraint(name="item_points_positive", condition=Q(points__gt=0)),
            models.CheckConstraint(
                name="item_has_an_attempt",
                condition=Q(max_attempts__isnull=True) | Q(max_attempts__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk} of assignment {self.assignment_id}"
