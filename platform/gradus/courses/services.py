"""State changes of courses, enrolments and assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from gradus.accounts.models import User
from gradus.catalog.models import Exercise
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Course, Enrolment, Item, Reveal, Role, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an assignment should be; the defaults are those of an ordinary exercise sheet."""

    title: str
    intro: str = ""
    opens_at: datetime | None = None
    due_at: datetime | None = None
    weight: Decimal = Decimal(1)
    reveal: str = Reveal.FULL
    reveal_after_due: str = Reveal.FULL
    counting: str = Assignment.Counting.BEST
    is_published: bool = True
    max_attempts: int | None = None  # for each item
    cooldown_seconds: int = 0


@transaction.atomic
def create_course(*, owner: User, title: str, term: str = "") -> Course:
    """Make a course; its maker becomes its owner. Raises: CourseRefused, without a title."""
    if not title.strip():
        raise CourseRefused("A course needs a title.")
    course = Course.objects.create(title=title.strip(), term=term.strip())
    Enrolment.objects.create(course=course, user=owner, role=Role.OWNER)
    return course


def enrol(*, course: Course, user: User, role: str, section: Section | None = None) -> Enrolment:
    """Put a person into a course, or change role and section of one who is there.

    Raises: CourseRefused, when the section belongs to another course.
    """
    if section is not None and section.course_id != course.pk:
        raise CourseRefused(f"The section '{section.name}' belongs to another course.")
    enrolment, _ = Enrolment.objects.update_or_create(
        course=course, user=user, defaults={"role": role, "section": section, "is_active": True}
    )
    return enrolment


@transaction.atomic
def create_assignment(*, course: Course, plan: Plan, exercises: Sequence[Exercise]) -> Assignment:
    """Make an assignment with one item per exercise, pinned to its newest version.

    Raises: CourseRefused: no title, no exercise, one twice, one without a version, or a window
        that ends before it opens.
    """
    _refuse_bad_plan(course, plan, exercises)
    assignment = Assignment.objects.create(
        course=course,
        title=plan.title.strip(),
        intro=plan.intro,
        order=course.assignments.count(),
        opens_at=plan.opens_at,
        due_at=plan.due_at,
        weight=plan.weight,
        reveal=plan.reveal,
        reveal_after_due=plan.reveal_after_due,
        counting=plan.counting,
        is_published=plan.is_published,
    )
    for order, exercise in enumerate(exercises):
        add_item(
            assignment=assignment,
            exercise=exercise,
            order=order,
            max_attempts=plan.max_attempts,
            cooldown_seconds=plan.cooldown_seconds,
        )
    return assignment


def add_item(
    *,
    assignment: Assignment,
    exercise: Exercise,
    order: int,
    max_attempts: int | None = None,
    cooldown_seconds: int = 0,
) -> Item:
    """Pin the newest version of an exercise. Raises: CourseRefused, when there is none."""
    version = exercise.newest
    if version is None:
        raise CourseRefused(f"'{exercise.title}' has no usable version.")
    return Item.objects.create(
        assignment=assignment,
        exercise=exercise,
        version=version,
        order=order,
        points=version.points,
        max_attempts=max_attempts,
        cooldown_seconds=cooldown_seconds,
    )


def set_published(*, assignment: Assignment, is_published: bool) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(is_published=is_published)


def _refuse_bad_plan(course: Course, plan: Plan, exercises: Sequence[Exercise]) -> None:
    if course.is_archived:
        raise CourseRefused("The course is archived and can no longer be changed.")
    if not plan.title.strip():
        raise CourseRefused("An assignment needs a title.")
    if not exercises:
        raise CourseRefused("Choose at least one exercise.")
    if len({exercise.pk for exercise in exercises}) < len(exercises):
        raise CourseRefused("An exercise can be in an assignment only once.")
    if plan.opens_at and plan.due_at and plan.opens_at >= plan.due_at:
        raise CourseRefused("The assignment must open before it is due.")
    if plan.max_attempts is not None and plan.max_attempts < 1:
        raise CourseRefused("At least one attempt must be possible.")
    if plan.weight < 0:
        raise CourseRefused("A weight cannot be negative.")


def pin_newest(*, item: Item) -> bool:
    """Move an item to its exercise's newest version; whether it moved. Students' numbers stay."""
    newest = item.exercise.newest
    if newest is None or newest.pk == item.version_id:
        return False
    item.version = newest
    item.points = newest.points
    item.save(update_fields=["version", "points"])
    return True
