"""Sections of a course: read, make, rename, delete."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from ninja import Router, Schema, Status
from pydantic import Field

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff
from gradus.api.fields import Line, Strict
from gradus.api.problems import ERRORS
from gradus.courses import policy, selectors
from gradus.courses.models import Enrolment, Section
from gradus.courses.roster import services
from gradus.courses.roster.file import cell_by_hand

router = Router(tags=["roster"])
_READ, _CHANGE = Token(Right.READ, Right.ROSTER), Token(Right.ROSTER)


class SectionIn(Strict):
    name: Annotated[Line, Field(min_length=1, max_length=80)]


class SectionOut(Schema):
    id: int
    name: str
    size: int  # active people


@router.get("/courses/{course_id}/sections", response={200: list[SectionOut], **ERRORS}, auth=_READ)
def sections(request: PersonRequest, course_id: int) -> list[SectionOut]:
    """Sections by name."""
    return _out(staff(request, course_id, policy.may_see_roster))


@router.post(
    "/courses/{course_id}/sections", response={201: list[SectionOut], **ERRORS}, auth=_CHANGE
)
def make(request: PersonRequest, course_id: int, body: SectionIn) -> Status[list[SectionOut]]:
    """Make a section; the answer lists all."""
    viewer = staff(request, course_id, policy.may_change_roster)
    services.name_section(course=viewer.course, name=cell_by_hand("section", body.name))
    return Status(201, _out(viewer))


@router.patch(
    "/courses/{course_id}/sections/{section_id}",
    response={200: list[SectionOut], **ERRORS},
    auth=_CHANGE,
)
def rename(
    request: PersonRequest, course_id: int, section_id: int, body: SectionIn
) -> list[SectionOut]:
    """Give a section another name."""
    viewer = staff(request, course_id, policy.may_change_roster)
    name, section = cell_by_hand("section", body.name), _section(viewer, section_id)
    services.name_section(course=viewer.course, name=name, section=section)
    return _out(viewer)


@router.delete(
    "/courses/{course_id}/sections/{section_id}",
    response={200: list[SectionOut], **ERRORS},
    auth=_CHANGE,
)
def delete(request: PersonRequest, course_id: int, section_id: int) -> list[SectionOut]:
    """Delete a section that nobody is in."""
    viewer = staff(request, course_id, policy.may_change_roster)
    services.delete_section(section=_section(viewer, section_id))
    return _out(viewer)


def _section(viewer: Enrolment, pk: int) -> Section:
    found = viewer.course.sections.select_related("course").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _out(viewer: Enrolment) -> list[SectionOut]:
    rows = selectors.sections_of(viewer.course)
    return [SectionOut(id=one.pk, name=one.name, size=vars(one)["size"]) for one in rows]
