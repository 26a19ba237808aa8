"""Assignments and their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import ValidationError

from grader.exercise.manifest import Manifest
from gradus.audit.actions import Action
from gradus.audit.services import columns, record
from gradus.catalog.models import Exercise, Version
from gradus.courses.errors import CourseArchived, CourseRefused
from gradus.courses.models import Assignment, AssignmentGroup, Course, Item, Reveal

Thresholds = Mapping[str, Sequence[tuple[float, float]]]  # by performance check


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an assignment should be; the defaults are those of an ordinary exercise sheet."""

    title: str
    intro: str = ""
    opens_at: datetime | None = None
    due_at: datetime | None = None
    late_until: datetime | None = None
    solutions_at: datetime | None = None
    grace_minutes: int | None = None  # none: the course's; so are the next ones
    late_percent: Decimal | None = None
    late_most_percent: Decimal | None = None
    most_late_days: int | None = None
    group: AssignmentGroup | None = None
    weight: Decimal = Decimal(1)
    reveal: str = Reveal.FULL
    reveal_after_due: str = Reveal.FULL
    counting: str = Assignment.Counting.BEST
    is_published: bool = True

    @property
    def columns(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def plan_of(assignment: Assignment) -> Plan:
    """What an assignment is now."""
    return Plan(**{one.name: getattr(assignment, one.name) for one in fields(Plan)})


@transaction.atomic
def create_assignment(
    *,
    course: Course,
    plan: Plan,
    exercises: Sequence[Exercise],
    max_attempts: int | None = None,
    cooldown_seconds: int = 0,
) -> Assignment:
    """Make an assignment with one item per exercise, pinned to its newest version.

    Raises: CourseRefused: no title, no exercise, one twice, one without a version, or a window
        in the wrong order.
    """
    _refuse_bad_plan(course, plan)
    _refuse_bad_choice(exercises, max_attempts)
    if any(exercise.course_id not in (None, course.pk) for exercise in exercises):
        raise CourseRefused(_("One of these exercises belongs to another course."))
    given = plan.columns | {"title": plan.title.strip()}
    order = course.assignments.count()
    assignment = Assignment.objects.create(course=course, order=order, **given)
    for order, exercise in enumerate(exercises):
        add_item(
            assignment=assignment,
            exercise=exercise,
            order=order,
            max_attempts=max_attempts,
            cooldown_seconds=cooldown_seconds,
        )
    slugs = [exercise.slug for exercise in exercises]
    new = columns(assignment, given) | {"exercises": slugs, "max_attempts": max_attempts}
    record(Action.ASSIGNMENT_MADE, course_id=course.pk, about=assignment.title, new=new)
    return assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRules:
    """What an item is worth, and how often it may be tried."""

    points: Decimal
    is_extra: bool = False
    max_attempts: int | None = None
    cooldown_seconds: int = 0
    thresholds: Thresholds = field(default_factory=dict)  # what differs from the exercise's


def rules_of(item: Item) -> ItemRules:
    """What holds for an item now."""
    return ItemRules(**{one.name: getattr(item, one.name) for one in fields(ItemRules)})


@transaction.atomic
def change_items(*, assignment: Assignment, rules: Mapping[int, ItemRules]) -> None:
    """Set the rules of items, by their id. Points so far keep their share of full marks.

    Raises: CourseRefused: no points, no attempt, an item of another assignment, an archived course.
    """
    if assignment.course.is_archived:
        raise CourseArchived
    items = {item.pk: item for item in locked_items(assignment)}
    names = list(ItemRules.__dataclass_fields__)
    before = _item_columns(items.values(), names)
    for pk, new in rules.items():
        if pk not in items:
            raise CourseRefused(_("This exercise belongs to another assignment."))
        if new.points <= 0:
            raise CourseRefused(_("An exercise needs points; to leave it out, excuse everybody."))
        if new.points <= items[pk].human_points:
            human = f"{items[pk].human_points.normalize():f}"
            told = _(
                "{exercise}: people mark {points} points of it, so it needs more points than that."
            )
            raise CourseRefused(told.format(exercise=items[pk].version.title, points=human))
        if new.max_attempts is not None and new.max_attempts < 1:
            raise CourseRefused(_("At least one attempt must be possible."))
        refuse_bad_thresholds(items[pk].version, new.thresholds)
        for name in names:
            setattr(items[pk], name, getattr(new, name))
    Item.objects.bulk_update(items.values(), names)
    record(
        Action.ITEMS_CHANGED,
        course_id=assignment.course_id,
        about=assignment.title,
        old=before,
        new=_item_columns(items.values(), names),
    )


def _item_columns(items: Iterable[Item], names: Sequence[str]) -> dict[str, Any]:
    return {
        f"{item.version.title}: {name}": value
        for item in items
        for name, value in columns(item, names).items()
    }


def refuse_bad_thresholds(version: Version, thresholds: Thresholds) -> None:
    """The rules of the exercise's manifest hold for them too. Raises: CourseRefused."""
    if not thresholds:
        return
    try:
        manifest = Manifest.model_validate(version.manifest, strict=False)
        manifest.with_thresholds(thresholds)
    except ValueError as error:
        first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise CourseRefused(f"{version.title}: {first}.") from error


@transaction.atomic
def change_assignment(*, assignment: Assignment, plan: Plan) -> None:
    """Make an assignment what `plan` says; marks follow at once, as they are computed when read.

    Raises: CourseRefused: no title, a window in the wrong order, an archived course.
    """
    held = locked_assignment(assignment)
    _refuse_bad_plan(held.course, plan)
    new = plan.columns | {"title": plan.title.strip()}
    before = columns(held, new)
    for name, value in new.items():
        setattr(held, name, value)
    held.save(update_fields=list(new))
    record(
        Action.ASSIGNMENT_CHANGED,
        course_id=held.course_id,
        about=held.title,
        old=before,
        new=columns(held, new),
    )


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
        told = _("'{exercise}' has no usable version.")
        raise CourseRefused(told.format(exercise=exercise.title))
    return Item.objects.create(
        assignment=assignment,
        exercise=exercise,
        version=version,
        order=order,
        points=version.points,
        max_attempts=max_attempts,
        cooldown_seconds=cooldown_seconds,
    )


@transaction.atomic
def set_published(*, assignment: Assignment, is_published: bool) -> None:
    old = columns(locked_assignment(assignment), ["is_published"])
    Assignment.objects.filter(pk=assignment.pk).update(is_published=is_published)
    record(
        Action.ASSIGNMENT_CHANGED,
        course_id=assignment.course_id,
        about=assignment.title,
        old=old,
        new={"is_published": is_published},
    )


@transaction.atomic
def pin_newest(*, item: Item) -> bool:
    """Move an item to its exercise's newest version; whether it moved. Students' numbers stay."""
    newest = item.exercise.newest
    if newest is None or newest.pk == item.version_id:
        return False
    own = locked_item(item)
    is_chosen = own.points != own.version.points + own.human_points
    points = own.points if is_chosen else newest.points + own.human_points
    return _pin(own, newest, own.thresholds, points)


@transaction.atomic
def pin(*, item: Item, version: Version, thresholds: Any, points: Decimal | None = None) -> bool:
    """Grade later work by this version; whether anything moved. Without `points`, they stay."""
    own = locked_item(item)
    return _pin(own, version, thresholds, own.points if points is None else points)


def _pin(own: Item, version: Version, thresholds: Any, points: Decimal) -> bool:
    old = _pinned(own)
    own.version, own.thresholds, own.points = version, thresholds, points
    new = _pinned(own)
    if new == old:
        return False
    own.save(update_fields=["version", "thresholds", "points"])
    record(
        Action.ITEM_PINNED,
        course_id=own.assignment.course_id,
        about=f"{own.assignment.title}: {version.title}",
        old=old,
        new=new,
    )
    return True


def locked_assignment(assignment: Assignment) -> Assignment:
    """As it is now; nobody else changes it before the end of the transaction."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("course").get(pk=assignment.pk)


def locked_item(item: Item) -> Item:
    """As it is now; nobody else changes it before the end of the transaction."""
    return _locked(Item.objects.all()).get(pk=item.pk)


def locked_items(assignment: Assignment) -> list[Item]:
    """All of an assignment, as `locked_item`; in one order for all who lock several."""
    return list(_locked(assignment.items.order_by("pk")))


def _locked(items: QuerySet[Item]) -> QuerySet[Item]:
    """Without their keys: students go on handing in while a preview reads the gradebook."""
    held = items.select_for_update(no_key=True, of=("self",))
    return held.select_related("assignment", "version", "exercise")


def _pinned(item: Item) -> dict[str, Any]:
    return {
        "version": item.version.digest,
        "points": item.points,
        "thresholds": item.thresholds,
    }


def _refuse_bad_plan(course: Course, plan: Plan) -> None:
    if course.is_archived:
        raise CourseArchived
    if not plan.title.strip():
        raise CourseRefused(_("An assignment needs a title."))
    if plan.group is not None and plan.group.course_id != course.pk:
        raise CourseRefused(_("This group belongs to another course."))
    if plan.weight < 0:
        raise CourseRefused(_("A weight cannot be negative."))
    if plan.opens_at and plan.due_at and plan.opens_at >= plan.due_at:
        raise CourseRefused(_("The assignment must open before it is due."))
    if plan.late_until and (plan.due_at is None or plan.late_until < plan.due_at):
        raise CourseRefused(_("Late work can be accepted only after a deadline."))
    _refuse_early_solutions(course, plan)


def _refuse_early_solutions(course: Course, plan: Plan) -> None:
    closes_at = Assignment(course=course, **plan.columns).window.closes_at
    if plan.solutions_at and closes_at and plan.solutions_at < closes_at:
        raise CourseRefused(_("Solutions would be shown while work is still accepted."))


def _refuse_bad_choice(exercises: Sequence[Exercise], max_attempts: int | None) -> None:
    if not exercises:
        raise CourseRefused(_("Choose at least one exercise."))
    if len({exercise.pk for exercise in exercises}) < len(exercises):
        raise CourseRefused(_("An exercise can be in an assignment only once."))
    if max_attempts is not None and max_attempts < 1:
        raise CourseRefused(_("At least one attempt must be possible."))
