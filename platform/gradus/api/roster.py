"""The roster for programs: read it, bring students in, change and remove one."""

from __future__ import annotations

from typing import Annotated

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff, student_or_404
from gradus.api.fields import Line, Paged, PageNumber, PageSize, Strict, paged, version_of
from gradus.api.problems import ERRORS
from gradus.courses import policy, selectors
from gradus.courses.errors import CourseRefused, RosterRefused
from gradus.courses.models import Enrolment, Section
from gradus.courses.roster import services
from gradus.courses.roster.file import MOST_LINES, cell_by_hand, students_by_hand
from gradus.courses.roster.plan import RosterPlan, make_plan

router = Router(tags=["roster"])
_READ, _CHANGE = Token(Right.READ, Right.ROSTER), Token(Right.ROSTER)


class EnrolmentOut(Schema):
    id: int
    username: str
    email: str
    first_name: str
    last_name: str
    id_number: str
    section: str | None
    role: str
    is_active: bool  # false: was removed; all records are kept
    version: str  # send it back to change this row


class RosterOut(Paged):
    items: list[EnrolmentOut]


class StudentIn(Strict):
    """As a line of a roster file; an empty text says nothing about that field."""

    email: Line = ""
    username: Line = ""
    id_number: Line = ""
    first_name: Line = ""
    last_name: Line = ""
    name: Line = ""  # instead of the two
    section: Line = ""


class RosterIn(Strict):
    students: Annotated[list[StudentIn], Field(min_length=1, max_length=MOST_LINES)]
    dry_run: bool = False  # change nothing, say what would be done
    stamp: Line | None = None  # of a dry run: refused if something else would now be done
    leave_out_errors: bool = False  # without it, one unusable student refuses all
    invite: bool = False  # write to who is new in the course, how to get in


class StepOut(Schema):
    line: int  # place in `students`, from 1
    fate: str  # new, joins, returns, changes, same
    username: str
    note: str


class LineErrorOut(Schema):
    line: int
    message: str


class RosterPlanOut(Schema):
    applied: bool
    stamp: str
    steps: list[StepOut]
    errors: list[LineErrorOut]
    new_sections: list[str]
    absent: int  # students of the course who are not named; they stay
    invited: int  # to whom a mail was written


class EnrolmentChange(Strict):
    """What is left out stays. `section` is the name of one that exists; empty for none."""

    version: Line | None = None  # as you read it: refused if somebody changed the row since
    section: Line | None = None
    id_number: Line | None = None
    is_active: bool | None = None  # true: bring back


@router.get("/courses/{course_id}/roster", response={200: RosterOut, **ERRORS}, auth=_READ)
def roster(
    request: PersonRequest, course_id: int, page: PageNumber = 1, size: PageSize = 100
) -> RosterOut:
    """Everybody in the course, by name; also staff, and who was removed."""
    viewer = staff(request, course_id, policy.may_see_roster)
    facts, rows = paged(selectors.roster_of(viewer.course), page, size)
    return RosterOut(**facts, items=[_out(row) for row in rows])


@router.post("/courses/{course_id}/roster", response={200: RosterPlanOut, **ERRORS}, auth=_CHANGE)
def bring_in(request: PersonRequest, course_id: int, body: RosterIn) -> RosterPlanOut:
    """Add and change students, as a roster file does; nobody is removed by being left out."""
    course = staff(request, course_id, policy.may_change_roster).course
    file = students_by_hand([one.model_dump() for one in body.students])
    plan = make_plan(course, file)
    if body.dry_run:
        return _plan(plan)
    if plan.errors and not body.leave_out_errors:
        first = plan.errors[0]
        raise RosterRefused(
            f"{len(plan.errors)} of the students cannot be used; the first is number"
            f" {first.number}: {first.message}. Look with dry_run."
        )
    stamp = plan.stamp if body.stamp is None else body.stamp
    applied = services.apply_file(
        course=course, file=file, stamp=stamp, name="by a program",
        invite_at=timezone.now() if body.invite else None,
    )  # fmt: skip
    return _plan(applied.plan, applied)


@router.patch(
    "/courses/{course_id}/roster/{enrolment_id}",
    response={200: EnrolmentOut, **ERRORS},
    auth=_CHANGE,
)
def change(
    request: PersonRequest, course_id: int, enrolment_id: int, body: EnrolmentChange
) -> EnrolmentOut:
    """Change section or id number of a student, or bring one back."""
    viewer = staff(request, course_id, policy.may_change_roster)
    student = student_or_404(viewer, enrolment_id)
    section = _section(viewer, body.section) if body.section else None

    def wanted(row: Enrolment) -> tuple[Section | None, str, bool]:
        number = row.id_number if body.id_number is None else body.id_number
        return (
            row.section if body.section is None else section,
            cell_by_hand("id_number", number),
            row.is_active if body.is_active is None else body.is_active,
        )

    services.change_from(
        enrolment=student, seen=lambda row: body.version in (None, _version(row)), wanted=wanted
    )
    return _out(student_or_404(viewer, enrolment_id))


@router.delete(
    "/courses/{course_id}/roster/{enrolment_id}",
    response={200: EnrolmentOut, **ERRORS},
    auth=_CHANGE,
)
def remove(request: PersonRequest, course_id: int, enrolment_id: int) -> EnrolmentOut:
    """Take a student out of the course; submissions and marks are kept."""
    viewer = staff(request, course_id, policy.may_change_roster)
    services.remove(enrolment=student_or_404(viewer, enrolment_id))
    return _out(student_or_404(viewer, enrolment_id))


def _section(viewer: Enrolment, name: str) -> Section | None:
    if not name:
        return None
    found = [s for s in viewer.course.sections.all() if s.name.casefold() == name.casefold()]
    if not found:
        raise CourseRefused(f"There is no section “{name}” in this course.")
    return found[0]


def _version(row: Enrolment) -> str:
    return version_of([row.section_id, row.id_number, row.is_active, row.role])


def _out(row: Enrolment) -> EnrolmentOut:
    user = row.user
    return EnrolmentOut(
        id=row.pk,
        username=user.username,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
        id_number=row.id_number,
        section=row.section.name if row.section else None,
        role=row.role,
        is_active=row.is_active,
        version=_version(row),
    )


def _plan(plan: RosterPlan, applied: services.Applied | None = None) -> RosterPlanOut:
    return RosterPlanOut(
        applied=applied is not None,
        stamp=plan.stamp,
        steps=[
            StepOut(
                line=step.line.number,
                fate=step.fate,
                username=step.user.username if step.user else step.line.username or step.line.email,
                note=step.note,
            )
            for step in plan.steps
        ],
        errors=[LineErrorOut(line=e.number, message=e.message) for e in plan.errors],
        new_sections=list(plan.new_sections),
        absent=len(plan.absent),
        invited=applied.invited if applied is not None else 0,
    )
