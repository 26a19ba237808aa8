"""Extensions and excuses for programs: the list, one more, taking one back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Literal

from django.http import Http404
from django.utils import timezone
from ninja import Router, Schema

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff_assignment, student_or_404
from gradus.api.effects import Careful, EffectOut, change_carefully
from gradus.api.fields import Moment, Paged, PageNumber, PageSize, Reason, RowId, paged
from gradus.api.problems import ERRORS
from gradus.courses import policy, selectors, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Allowance, Assignment, Enrolment
from gradus.courses.services import Target

router = Router(tags=["extensions"])
_READ, _CHANGE = Token(Right.READ, Right.MARKS), Token(Right.MARKS)


class AllowanceOut(Schema):
    id: int
    kind: str
    enrolment: int | None
    section: int | None
    item: int | None
    due_at: datetime | None
    undoes: int | None
    reason: str
    actor: str
    created_at: datetime


class AllowancesOut(Paged):
    items: list[AllowanceOut]


class AllowanceIn(Careful):
    """For one student or one section. An extension has `due_at`, an excuse may have an `item`."""

    kind: Literal["extension", "excuse"]
    enrolment: RowId | None = None
    section: RowId | None = None
    item: RowId | None = None  # none: the whole assignment
    due_at: Moment | None = None
    reason: Reason


@router.get(
    "/assignments/{assignment_id}/extensions", response={200: AllowancesOut, **ERRORS}, auth=_READ
)
def allowances(
    request: PersonRequest, assignment_id: int, page: PageNumber = 1, size: PageSize = 100
) -> AllowancesOut:
    """All extensions and excuses of an assignment, and what took them back; newest first."""
    found, _ = staff_assignment(request, assignment_id, policy.may_see_everyone)
    facts, rows = paged(selectors.allowances_of(found), page, size)
    return AllowancesOut(**facts, items=[_out(row) for row in rows])


@router.post(
    "/assignments/{assignment_id}/extensions", response={200: EffectOut, **ERRORS}, auth=_CHANGE
)
def give(request: PersonRequest, assignment_id: int, body: AllowanceIn) -> EffectOut:
    """Give an extension or an excuse; `dry_run` tells which marks that moves."""
    found, viewer = staff_assignment(request, assignment_id)
    common: dict[str, Any] = {
        "assignment": found, "target": _target(viewer, body), "reason": body.reason,
        "actor": request.auth, "now": timezone.now(),
    }  # fmt: skip
    if body.kind == "extension":
        if body.due_at is None or body.item is not None:
            raise CourseRefused("An extension needs due_at, and is for the whole assignment.")
        return change_carefully(
            viewer.course, partial(services.extend, **common, due_at=body.due_at), body
        )
    if body.due_at is not None:
        raise CourseRefused("An excuse has no due_at.")
    item = found.items.select_related("version").filter(pk=body.item or 0).first()
    if body.item is not None and item is None:
        raise CourseRefused("This exercise belongs to another assignment.")
    return change_carefully(viewer.course, partial(services.excuse, **common, item=item), body)


@router.post(
    "/assignments/{assignment_id}/extensions/{allowance_id}/undo",
    response={200: EffectOut, **ERRORS},
    auth=_CHANGE,
)
def take_back(
    request: PersonRequest, assignment_id: int, allowance_id: int, body: Careful
) -> EffectOut:
    """End an extension or excuse."""
    found, viewer = staff_assignment(request, assignment_id)
    held = _of(found, allowance_id)
    change = partial(services.take_back, allowance=held, actor=request.auth, now=timezone.now())
    return change_carefully(viewer.course, change, body)


def _target(viewer: Enrolment, body: AllowanceIn) -> Target:
    if (body.enrolment is None) == (body.section is None):
        raise CourseRefused("Name one student by enrolment, or one section.")
    if body.enrolment is not None:
        return Target(enrolment=student_or_404(viewer, body.enrolment))
    section = viewer.course.sections.filter(pk=body.section or 0).first()
    if section is None:
        raise CourseRefused("There is no such section in this course.")
    return Target(section=section)


def _of(assignment: Assignment, allowance_id: int) -> Allowance:
    found = assignment.allowances.filter(pk=allowance_id).first()
    if found is None:
        raise Http404
    return found


def _out(row: Allowance) -> AllowanceOut:
    return AllowanceOut(
        id=row.pk,
        kind=row.kind,
        enrolment=row.enrolment_id,
        section=row.section_id,
        item=row.item_id,
        due_at=row.due_at,
        undoes=row.undoes_id,
        reason=row.reason,
        actor=row.actor.username,
        created_at=row.created_at,
    )
