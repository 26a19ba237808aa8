"""One student of a course, for who may change the roster: change, remove, bring back, invite."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses.errors import CourseRefused
from gradus.courses.models import Enrolment, Role
from gradus.courses.roster import services
from gradus.courses.services import invite_again
from gradus.web.form_page import form_page
from gradus.web.http import SignedInRequest
from gradus.web.roster import around, changer_or_refused
from gradus.web.roster_forms import EnrolmentForm
from gradus.web.text import visible


@login_required
@require_http_methods(["GET", "POST"])
def student(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    viewer = changer_or_refused(request, course_id)
    found = _student_or_404(viewer, enrolment_id)

    def act(sent: dict[str, Any]) -> str:
        services.change_student(enrolment=found, **sent)
        return _("{person} is changed.").format(person=found.user.shown_name)

    return form_page(
        request,
        EnrolmentForm(found, request.POST or None),
        act,
        done=resolve_url("web:roster", course_id),
        template="web/student.html",
        context={
            **around(viewer),
            "tab": "people",
            "student": found,
            "heading": visible(found.user.shown_name),
            "verb": _("Store"),
        },
    )


@login_required
@require_POST
def student_remove(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    found = _student_or_404(changer_or_refused(request, course_id), enrolment_id)
    services.remove(enrolment=found)
    told = _("{person} is removed. All records are kept.")
    messages.success(request, told.format(person=found.user.shown_name))
    return redirect("web:roster", course_id)


@login_required
@require_POST
def student_return(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    found = _student_or_404(changer_or_refused(request, course_id), enrolment_id)
    services.bring_back(enrolment=found)
    told = _("{person} is back in the course.")
    messages.success(request, told.format(person=found.user.shown_name))
    return redirect("web:roster", course_id)


@login_required
@require_POST
def student_invite(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    found = _student_or_404(changer_or_refused(request, course_id), enrolment_id)
    try:
        invite_again(enrolment=found, now=timezone.now())
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
    else:
        told = _("An invitation to {person} is on its way.")
        messages.success(request, told.format(person=found.user.shown_name))
    return redirect("web:student", course_id, found.pk)


def _student_or_404(viewer: Enrolment, enrolment_id: int) -> Enrolment:
    students = Enrolment.objects.filter(course=viewer.course, role=Role.STUDENT)
    return get_object_or_404(students.select_related("user", "course", "section"), pk=enrolment_id)
