"""Rules of a course, and groups of its assignments."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field

from gradus.accounts.models import Right, validate_time_zone
from gradus.api.access import PersonRequest, Token, staff
from gradus.api.assignments import Days, Minutes, Weight
from gradus.api.effects import Careful, EffectOut, change_carefully
from gradus.api.fields import Line, Percent, Strict
from gradus.api.problems import ERRORS
from gradus.courses import policy, services
from gradus.courses.models import AssignmentGroup, Course
from gradus.courses.models.groups import MOST_DROPPED
from gradus.courses.services import CourseRules

router = Router(tags=["rules"])
_READ, _CHANGE = Token(Right.READ), Token(Right.ALL)


def _time_zone(name: str) -> str:
    try:
        validate_time_zone(name)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error
    return name


TimeZone = Annotated[Line, Field(max_length=64), AfterValidator(_time_zone)]
GroupName = Annotated[Line, Field(min_length=1, max_length=80)]
Dropped = Annotated[int, Field(ge=0, le=MOST_DROPPED)]


class RulesPatch(Strict):
    """Only what is sent is changed."""

    time_zone: TimeZone = ""  # empty: the site's
    grace_minutes: Minutes = 0
    late_days: Days = 0
    late_percent: Percent = Decimal(0)
    late_most_percent: Percent = Decimal(100)
    late_day_bank: Days = 0


class RulesChange(Careful):
    changes: RulesPatch


class RulesOut(Schema):
    """What holds for every assignment that says nothing else."""

    time_zone: str
    grace_minutes: int
    late_days: int
    late_percent: Decimal
    late_most_percent: Decimal
    late_day_bank: int


class RulesChangedOut(Schema):
    effect: EffectOut
    rules: RulesOut


class GroupPatch(Strict):
    """Only what is sent is changed."""

    name: GroupName = "unchanged"
    weight: Weight = Decimal(1)
    drop_lowest: Dropped = 0


class NewGroup(Careful):
    name: GroupName
    weight: Weight = Decimal(1)
    drop_lowest: Dropped = 0


class GroupChange(Careful):
    changes: GroupPatch


class GroupOut(Schema):
    id: int
    name: str
    weight: Decimal
    drop_lowest: int


class GroupsOut(Schema):
    """What a change does to marks, and all groups after it."""

    effect: EffectOut
    groups: list[GroupOut]


@router.get("/courses/{course_id}/rules", response={200: RulesOut, **ERRORS}, auth=_READ)
def rules(request: PersonRequest, course_id: int) -> RulesOut:
    """What holds for every assignment that says nothing else."""
    return _rules(staff(request, course_id, policy.may_see_everyone).course)


@router.patch("/courses/{course_id}/rules", response={200: RulesChangedOut, **ERRORS}, auth=_CHANGE)
def change_rules(request: PersonRequest, course_id: int, body: RulesChange) -> RulesChangedOut:
    """Change rules of the course. Marks follow at once; see first with `dry_run` which."""
    course = staff(request, course_id, policy.may_change_course).course
    sent = body.changes.dict(exclude_unset=True)

    @transaction.atomic
    def act() -> None:
        held = services.open_course(course)
        services.change_course(course=held, rules=CourseRules(**_rules(held).dict() | sent))

    effect = change_carefully(course, act, body)
    course.refresh_from_db()
    return RulesChangedOut(effect=effect, rules=_rules(course))


@router.get("/courses/{course_id}/groups", response={200: list[GroupOut], **ERRORS}, auth=_READ)
def groups(request: PersonRequest, course_id: int) -> list[GroupOut]:
    """Groups of assignments, by name."""
    return _groups(staff(request, course_id, policy.may_see_everyone).course)


@router.post("/courses/{course_id}/groups", response={200: GroupsOut, **ERRORS}, auth=_CHANGE)
def make_group(request: PersonRequest, course_id: int, body: NewGroup) -> GroupsOut:
    """Make a group; assignments enter it by their own `group`."""
    course = staff(request, course_id, policy.may_change_course).course
    return _save(course, None, GroupPatch(**body.dict(exclude=set(Careful.model_fields))), body)


@router.patch(
    "/courses/{course_id}/groups/{group_id}", response={200: GroupsOut, **ERRORS}, auth=_CHANGE
)
def change_group(
    request: PersonRequest, course_id: int, group_id: int, body: GroupChange
) -> GroupsOut:
    """Change name, weight or what is dropped."""
    course = staff(request, course_id, policy.may_change_course).course
    return _save(course, _group(course, group_id), body.changes, body)


@router.delete(
    "/courses/{course_id}/groups/{group_id}", response={200: GroupsOut, **ERRORS}, auth=_CHANGE
)
def delete_group(
    request: PersonRequest, course_id: int, group_id: int, how: Query[Careful]
) -> GroupsOut:
    """Delete a group; its assignments then count by themselves."""
    course = staff(request, course_id, policy.may_change_course).course
    found = _group(course, group_id)
    effect = change_carefully(course, lambda: services.delete_group(group=found), how)
    return GroupsOut(effect=effect, groups=_groups(course))


def _save(
    course: Course, group: AssignmentGroup | None, wanted: GroupPatch, how: Careful
) -> GroupsOut:
    sent = wanted.dict(exclude_unset=group is not None)

    @transaction.atomic
    def act() -> None:
        held = services.open_course(course)
        own = _group(held, group.pk) if group else None
        now = {name: getattr(own, name) for name in GroupPatch.model_fields} if own else {}
        services.save_group(course=held, group=own, **now | sent)

    effect = change_carefully(course, act, how)
    return GroupsOut(effect=effect, groups=_groups(course))


def _group(course: Course, pk: int) -> AssignmentGroup:
    found = course.groups.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _groups(course: Course) -> list[GroupOut]:
    return [
        GroupOut(id=one.pk, name=one.name, weight=one.weight, drop_lowest=one.drop_lowest)
        for one in course.groups.all()
    ]


def _rules(course: Course) -> RulesOut:
    return RulesOut(**{name: getattr(course, name) for name in RulesOut.model_fields})
