"""People and the tokens that programs use in their name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("'%(name)s' is no time zone; one is 'Europe/Berlin'."), params={"name": name}
        )


class User(AbstractUser):
    """A person. What one may do in a course is on the enrolment, not here."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    time_zone = models.CharField(
        max_length=64, blank=True, validators=[validate_time_zone]
    )  # blank: the site's
    may_teach = models.BooleanField(default=False)  # may create courses
    wants_mail = models.BooleanField(default=True)  # about own courses; passwords come anyway

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once"),
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def shown_name(self) -> str:
        return self.get_full_name() or self.username

    @property
    def gets_mail(self) -> bool:
        """Whether letters reach this person, who wants them."""
        return self.wants_mail and bool(self.email) and self.is_active


class Right(models.TextChoices):
    """What a token of one course may do there, never more than its owner may."""

    READ = "read", _("Read people, assignments, submissions and marks")
    MARKS = "marks", _("Read and change marks, extensions and excuses")
    ROSTER = "roster", _("Read and change the roster")
    EXPORTS = "exports", _("Take marks, submissions and data away in files")
    ALL = "all", _("All of these, and change assignments and read the record of changes")


class ApiToken(models.Model):
    """Lets a program act as its owner. The token itself is shown once and never stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    course_id = models.PositiveBigIntegerField(
        null=True
    )  # a number: courses are a higher layer; none: all that its owner may do, everywhere
    rights = models.CharField(max_length=60, blank=True)  # of `Right`, with commas; in a course
    prefix = models.CharField(max_length=12)  # shown in lists, so that people can tell them apart
    digest = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of the token
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(course_id__isnull=True, rights="")
                | Q(course_id__isnull=False) & ~Q(rights=""),
                name="token_rights_in_a_course",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    @property
    def is_personal(self) -> bool:
        """Whether it may do all that its owner may."""
        return self.course_id is None

    @property
    def right_set(self) -> frozenset[str]:
        return frozenset(self.rights.split(",")) if self.rights else frozenset()

    def reaches(self, course_id: int) -> bool:
        return self.is_personal or self.course_id == course_id

    def has_right(self, *enough: Right) -> bool:
        """Whether it is personal or has one of these rights; in which course is another matter."""
        return self.is_personal or bool(self.right_set & {Right.ALL, *enough})

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class CalendarFeed(models.Model):
    """Lets a calendar read its owner's deadlines. The token is shown once and never stored."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of the token
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar feed of {self.user_id}"


class DeviceLogin(models.Model):
    """A program without a browser asks to act for somebody, who decides in one (RFC 8628)."""

    device_digest = models.CharField(max_length=64, unique=True, editable=False)  # sha256
    user_code = models.CharField(max_length=9, unique=True)
    client = models.CharField(max_length=80)  # what the program calls itself; not to be believed
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.CASCADE, null=True, editable=False)
    is_allowed = models.BooleanField(null=True, editable=False)  # None: nobody has decided

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_allowed__isnull=True, decided_by__isnull=True)
                | Q(is_allowed__isnull=False, decided_by__isnull=False),
                name="device_login_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_code} ({self.client})"


class Letter(models.Model):
    """A mail to somebody, written with what caused it and sent after; deleted a month later."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=160)
    text = models.TextField()  # without greeting and the way to stop
    path = models.CharField(max_length=200)  # of the page that it is about
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="letter_by_age")]

    def __str__(self) -> str:
        return f"letter {self.pk} to {self.user_id}"
