"""Sections of a course: make, rename, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses import selectors
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Enrolment, Section
from gradus.courses.roster import services
from gradus.web.form_page import form_page
from gradus.web.http import SignedInRequest
from gradus.web.roster import around, changer_or_refused
from gradus.web.roster_forms import SectionForm


@login_required
@require_http_methods(["GET", "POST"])
def sections(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = changer_or_refused(request, course_id)
    return _section_page(request, enrolment, None)


@login_required
@require_http_methods(["GET", "POST"])
def section(request: SignedInRequest, course_id: int, section_id: int) -> HttpResponse:
    enrolment = changer_or_refused(request, course_id)
    return _section_page(request, enrolment, _section_or_404(enrolment, section_id))


@login_required
@require_POST
def section_delete(request: SignedInRequest, course_id: int, section_id: int) -> HttpResponse:
    found = _section_or_404(changer_or_refused(request, course_id), section_id)
    try:
        services.delete_section(section=found)
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("web:sections", course_id)


def _section_or_404(viewer: Enrolment, section_id: int) -> Section:
    mine = Section.objects.filter(course=viewer.course).select_related("course")
    return get_object_or_404(mine, pk=section_id)


def _section_page(
    request: SignedInRequest, enrolment: Enrolment, found: Section | None
) -> HttpResponse:

    def act(sent: dict[str, Any]) -> str:
        services.name_section(course=enrolment.course, name=sent["name"], section=found)
        return ""

    return form_page(
        request,
        SectionForm(request.POST or None, initial={"name": found.name if found else ""}),
        act,
        done=resolve_url("web:sections", enrolment.course_id),
        template="web/sections.html",
        context={
            **around(enrolment),
            "tab": "people",
            "sections": selectors.sections_of(enrolment.course),
            "section": found,
        },
    )
