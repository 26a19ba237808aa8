"""Courses and the people in them."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gradus.accounts.models import User, validate_time_zone

MOST_LATE_DAYS = 60  # after a deadline
MOST_BANK = 30  # late days of one student


class Role(models.TextChoices):
    """What a person is in a course."""

    OWNER = "owner", _("Owner")
    INSTRUCTOR = "instructor", _("Instructor")
    ASSISTANT = "assistant", _("Assistant")
    REVIEWER = "reviewer", _("Reviewer")
    STUDENT = "student", _("Student")
    OBSERVER = "observer", _("Observer")


STAFF = (Role.OWNER, Role.INSTRUCTOR, Role.ASSISTANT, Role.REVIEWER)  # read every submission
TEACHERS = (Role.OWNER, Role.INSTRUCTOR)  # change the course


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User) -> CourseQuerySet:
        """Courses in which this person has an active enrolment."""
        mine = Enrolment.objects.filter(user=user, is_active=True, course=OuterRef("pk"))
        return self.filter(Exists(mine))


class Course(models.Model):
    """A class in one term."""

    title = models.CharField(max_length=160)
    term = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    is_archived = models.BooleanField(default=False)  # read only
    join_code = models.CharField(max_length=16, blank=True)  # lets people enrol; blank: nobody can
    time_zone = models.CharField(
        max_length=64, blank=True, validators=[validate_time_zone]
    )  # whose days and hours deadlines follow; blank: the site's
    grace_minutes = models.PositiveSmallIntegerField(default=0)  # after a deadline, still in time
    late_days = models.PositiveSmallIntegerField(default=0)  # in which late work is accepted
    late_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(0)
    )  # of the points, off for each begun day
    late_most_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(100))
    late_day_bank = models.PositiveSmallIntegerField(default=0)  # late days of each student

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["join_code"], condition=~Q(join_code=""), name="join_code_once"
            ),
            models.CheckConstraint(
                name="course_late_percents",
                condition=Q(late_percent__range=(0, 100), late_most_percent__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="course_late_days",
                condition=Q(late_days__lte=MOST_LATE_DAYS, late_day_bank__lte=MOST_BANK),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)


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
    invited_at = models.DateTimeField(null=True)  # when a mail last said how to get in

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
