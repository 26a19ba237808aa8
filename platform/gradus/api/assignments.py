"""Assignments and their items for staff: read, make, change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db import transaction
from ninja import Router, Schema, Status
from pydantic import Field

from gradus.accounts.models import Right
from gradus.api import courses
from gradus.api.access import PersonRequest, Token, staff, staff_assignment
from gradus.api.effects import Careful, EffectOut, change_carefully
from gradus.api.fields import Line, Moment, Percent, Points, RowId, Strict, Text, version_of
from gradus.api.problems import ERRORS
from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses import policy, services
from gradus.courses.errors import AssignmentChanged, CourseRefused
from gradus.courses.models import Assignment, AssignmentGroup, Course, Item
from gradus.courses.models.people import MOST_BANK
from gradus.courses.services import ItemRules, Plan

router = Router(tags=["assignments"])
_READ, _CHANGE = Token(Right.READ), Token(Right.ALL)

Weight = Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=3, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Days = Annotated[int, Field(ge=0, le=MOST_BANK)]
Attempts = Annotated[int, Field(ge=1, le=1000)]
Seconds = Annotated[int, Field(ge=0, le=7 * 24 * 3600)]
Title = Annotated[Line, Field(min_length=1, max_length=160)]
RevealName = Literal["full", "category", "nothing"]
CountingName = Literal["best", "latest", "average"]
Slug = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$")]
Thresholds = dict[Line, list[tuple[float, float]]]


class PlanIn(Strict):
    """An assignment as it should be. Null means: as in the course, or none."""

    title: Title
    intro: Text = ""
    opens_at: Moment | None = None
    due_at: Moment | None = None
    late_until: Moment | None = None
    solutions_at: Moment | None = None
    grace_minutes: Minutes | None = None
    late_percent: Percent | None = None
    late_most_percent: Percent | None = None
    most_late_days: Days | None = None
    group: RowId | None = None
    weight: Weight = Decimal(1)
    reveal: RevealName = "full"
    reveal_after_due: RevealName = "full"
    counting: CountingName = "best"
    is_published: bool = False


class AssignmentIn(PlanIn):
    exercises: Annotated[list[Slug], Field(min_length=1, max_length=100)]
    max_attempts: Attempts | None = None  # of each exercise
    cooldown_seconds: Seconds = 0


class PlanPatch(PlanIn):
    """Only what is sent is changed."""

    title: Title = "unchanged"


class AssignmentChange(Careful):
    version: Line  # as you read it: refused if somebody changed the assignment since
    changes: PlanPatch


class ItemPatch(Strict):
    """Only what is sent is changed."""

    points: Points = Decimal(1)
    is_extra: bool = False
    max_attempts: Attempts | None = None
    cooldown_seconds: Seconds = 0
    thresholds: Annotated[Thresholds, Field(max_length=8)] = {}


class ItemsChange(Careful):
    """Rules of items by their id; items that are left out stay as they are."""

    version: Line
    items: Annotated[dict[RowId, ItemPatch], Field(min_length=1, max_length=100)]


class StaffItemOut(Schema):
    id: int
    exercise: str
    title: str
    kind: str
    version: str  # of the exercise
    points: Decimal
    is_extra: bool
    max_attempts: int | None
    cooldown_seconds: int
    thresholds: dict[str, Any]


class StaffAssignmentOut(Schema):
    """An assignment as staff set it; send `version` back to change it."""

    id: int
    course: int
    version: str
    title: str
    intro: str
    opens_at: datetime | None
    due_at: datetime | None
    late_until: datetime | None
    solutions_at: datetime | None
    grace_minutes: int | None
    late_percent: Decimal | None
    late_most_percent: Decimal | None
    most_late_days: int | None
    group: int | None
    weight: Decimal
    reveal: str
    reveal_after_due: str
    counting: str
    is_published: bool
    items: list[StaffItemOut]


class ChangedOut(Schema):
    effect: EffectOut
    assignment: StaffAssignmentOut


@router.get(
    "/assignments/{assignment_id}", response={200: StaffAssignmentOut, **ERRORS}, auth=_READ
)
def assignment(request: PersonRequest, assignment_id: int) -> StaffAssignmentOut:
    """An assignment with its items, as staff set them."""
    found, _ = staff_assignment(request, assignment_id, policy.may_see_everyone)
    return _out(found)


@courses.router.post(  # of one path, all methods belong to one router
    "/courses/{course_id}/assignments", response={201: StaffAssignmentOut, **ERRORS}, auth=_CHANGE
)
def make(request: PersonRequest, course_id: int, body: AssignmentIn) -> Status[StaffAssignmentOut]:
    """Make an assignment; each exercise is pinned to its newest version."""
    course = staff(request, course_id, policy.may_change_course).course
    made = services.create_assignment(
        course=course,
        plan=_plan(course, {name: getattr(body, name) for name in PlanIn.model_fields}),
        exercises=_exercises(body.exercises, course),
        max_attempts=body.max_attempts,
        cooldown_seconds=body.cooldown_seconds,
    )
    return Status(201, _out(_read(made.pk)))  # as the database keeps it


@router.patch("/assignments/{assignment_id}", response={200: ChangedOut, **ERRORS}, auth=_CHANGE)
def change(request: PersonRequest, assignment_id: int, body: AssignmentChange) -> ChangedOut:
    """Change an assignment. Marks follow at once; see first with `dry_run` which."""
    found, viewer = staff_assignment(request, assignment_id)
    sent = body.changes.model_dump(exclude_unset=True)

    @transaction.atomic
    def act() -> None:
        held = _held(found, body.version)
        now = {name: getattr(held, name) for name in PlanIn.model_fields} | {"group": held.group_id}
        services.change_assignment(assignment=held, plan=_plan(viewer.course, now | sent))

    effect = change_carefully(viewer.course, act, body)
    return ChangedOut(effect=effect, assignment=_out(_read(found.pk)))


@router.patch(
    "/assignments/{assignment_id}/items", response={200: ChangedOut, **ERRORS}, auth=_CHANGE
)
def change_items(request: PersonRequest, assignment_id: int, body: ItemsChange) -> ChangedOut:
    """Change what items are worth and how often they may be tried."""
    found, viewer = staff_assignment(request, assignment_id)

    @transaction.atomic
    def act() -> None:
        held = _held(found, body.version)
        services.change_items(assignment=held, rules=_rules(held, body.items))

    effect = change_carefully(viewer.course, act, body)
    return ChangedOut(effect=effect, assignment=_out(_read(found.pk)))


def _plan(course: Course, values: Mapping[str, Any]) -> Plan:
    """Raises: CourseRefused, for a group that is not of this course."""
    group = None
    if values["group"] is not None:
        group = AssignmentGroup.objects.filter(course=course, pk=values["group"]).first()
        if group is None:
            raise CourseRefused("There is no such group in this course.")
    return Plan(**{**values, "group": group})


def _rules(assignment: Assignment, sent: Mapping[int, ItemPatch]) -> dict[int, ItemRules]:
    """Rules as they are with what was sent. Raises: CourseRefused, for another's item."""
    items = {one.pk: one for one in _items(assignment)}
    if not sent.keys() <= items.keys():
        raise CourseRefused("There is no such exercise in this assignment.")
    return {
        pk: replace(services.rules_of(items[pk]), **one.model_dump(exclude_unset=True))
        for pk, one in sent.items()
    }


def _exercises(slugs: Sequence[str], course: Course) -> list[Exercise]:
    """In the order in which they are named. Raises: CourseRefused."""
    known = {one.slug: one for one in usable_exercises(course.pk).filter(slug__in=slugs)}
    for slug in slugs:
        if slug not in known:
            raise CourseRefused(f"There is no exercise “{slug}” for this course.")
    return [known[slug] for slug in slugs]


def _read(pk: int) -> Assignment:
    return Assignment.objects.select_related("course").get(pk=pk)


def _held(assignment: Assignment, version: str) -> Assignment:
    """The assignment, locked with its items, as when `version` was read.

    Raises: AssignmentChanged.
    """
    held = services.locked_assignment(assignment)
    services.locked_items(held)
    if _version(held, _items(held)) != version:
        raise AssignmentChanged
    return held


def _items(assignment: Assignment) -> list[Item]:
    return list(assignment.items.select_related("exercise", "version").order_by("order", "pk"))


def _version(assignment: Assignment, items: Sequence[Item]) -> str:
    plan = services.plan_of(assignment)
    rules = [list(asdict(services.rules_of(one)).values()) for one in items]
    return version_of([*plan.columns.values(), *rules, *(one.version_id for one in items)])


def _out(assignment: Assignment) -> StaffAssignmentOut:
    items = _items(assignment)
    columns = {name: getattr(assignment, name) for name in PlanIn.model_fields}
    return StaffAssignmentOut(
        **{**columns, "group": assignment.group_id},
        id=assignment.pk,
        course=assignment.course_id,
        version=_version(assignment, items),
        items=[
            StaffItemOut(
                id=item.pk,
                exercise=item.exercise.slug,
                title=item.version.title,
                kind=item.version.kind,
                version=item.version.digest,
                points=item.points,
                is_extra=item.is_extra,
                max_attempts=item.max_attempts,
                cooldown_seconds=item.cooldown_seconds,
                thresholds=item.thresholds,
            )
            for item in items
        ],
    )
