"""Courses and who is in them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.courses.errors import CourseArchived, CourseRefused
from gradus.courses.models import Course, Enrolment, Role, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRules:
    """What holds for every assignment that says nothing else."""

    time_zone: str = ""
    grace_minutes: int = 0
    late_days: int = 0
    late_percent: Decimal = Decimal(0)
    late_most_percent: Decimal = Decimal(100)
    late_day_bank: int = 0


@transaction.atomic
def create_course(*, owner: User, title: str, term: str = "") -> Course:
    """Make a course; its maker becomes its owner. Raises: CourseRefused, without a title."""
    if not title.strip():
        raise CourseRefused(_("A course needs a title."))
    course = Course.objects.create(title=title.strip(), term=term.strip())
    Enrolment.objects.create(course=course, user=owner, role=Role.OWNER)
    record(
        Action.COURSE_MADE,
        course_id=course.pk,
        about=course.title,
        person=owner,
        new={"term": course.term, "role": Role.OWNER.value},
    )
    return course


def open_course(course: Course) -> Course:
    """As it is now; nobody else changes it, or its groups, before the end of the transaction.

    Raises: CourseRefused, when it is archived.
    """
    held = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    if held.is_archived:
        raise CourseArchived
    return held


@transaction.atomic
def change_course(*, course: Course, rules: CourseRules) -> Course:
    """Set what holds for all assignments. Raises: CourseRefused, when the course is archived."""
    held = open_course(course)
    names = [field.name for field in fields(rules)]
    old = columns(held, names)
    for name in names:
        setattr(held, name, getattr(rules, name))
    held.save(update_fields=names)
    new = columns(held, names)
    record(Action.COURSE_RULES, course_id=held.pk, about=held.title, old=old, new=new)
    return held


@transaction.atomic
def enrol(*, course: Course, user: User, role: str, section: Section | None = None) -> Enrolment:
    """Put a person into a course, or change role and section of one who is there.

    Raises: CourseRefused, when the section belongs to another course.
    """
    if section is not None and section.course_id != course.pk:
        told = _("The section '{section}' belongs to another course.")
        raise CourseRefused(told.format(section=section.name))
    names = ("role", "section", "is_active")
    before = Enrolment.objects.filter(course=course, user=user).first()
    old = columns(before, names) if before is not None else {}
    enrolment, _is_new = Enrolment.objects.update_or_create(
        course=course, user=user, defaults={"role": role, "section": section, "is_active": True}
    )
    new = columns(enrolment, names)
    if old != new:
        about = user.username
        record(Action.ROLE_GIVEN, course_id=course.pk, about=about, person=user, old=old, new=new)
    return enrolment
