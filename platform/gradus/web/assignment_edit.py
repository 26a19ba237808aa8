"""Change an assignment, and the rules of a course; see before what that does to marks."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gradus.courses import policy, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Enrolment
from gradus.courses.services.people import CourseRules
from gradus.web.assignment_forms import AssignmentForm, CourseRulesForm
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import around


def changed_or_refused(
    request: SignedInRequest, assignment_id: int
) -> tuple[Assignment, Enrolment]:
    """An assignment and the enrolment of somebody who may change it; 404 for strangers."""
    visible = Assignment.objects.visible_to(request.user, timezone.now()).select_related("course")
    found = get_object_or_404(visible, pk=assignment_id)
    enrolment = enrolment_or_404(request, found.course_id)
    if not policy.may_change_course(enrolment):
        raise PermissionDenied
    return found, enrolment


@login_required
@require_http_methods(["GET", "POST"])
def assignment_edit(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    found, enrolment = changed_or_refused(request, assignment_id)
    with timezone.override(found.course.zone):  # times are typed in the zone of the course
        return _edit(request, found, enrolment)


def _edit(request: SignedInRequest, found: Assignment, enrolment: Enrolment) -> HttpResponse:
    initial = services.plan_of(found).columns
    form = AssignmentForm(found.course, request.POST or None, initial=initial)
    refused = ""
    if request.method == "POST" and form.is_valid():
        change = partial(services.change_assignment, assignment=found, plan=form.plan)
        try:
            prompt = Prompt(
                heading=_("Change {title}").format(title=found.title),
                verb=_("Change it"),
                done=_("The assignment is changed."),
                back=resolve_url("web:assignment", found.pk),
            )
            return confirmed(request, enrolment, change, prompt)
        except CourseRefused as refusal:
            refused = refusal.message
    context = {
        **around(enrolment),
        "tab": "assignments",
        "form": form,
        "refused": refused,
        "assignment": found,
        "heading": _("Change {title}").format(title=found.title),
        "verb": _("Change the assignment"),
        "publish": _("Published"),
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/assignment_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def course_rules(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_change_course(enrolment):
        raise PermissionDenied
    course = enrolment.course
    initial = {name: getattr(course, name) for name in asdict(CourseRules())}
    form = CourseRulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rules = CourseRules(**form.cleaned_data)
        change = partial(services.change_course, course=course, rules=rules)
        prompt = Prompt(
            heading=_("Change the rules"),
            verb=_("Change them"),
            done=_("The rules of the course are changed."),
            back=resolve_url("web:course_rules", course.pk),
        )
        return confirmed(request, enrolment, change, prompt)
    context = {
        **around(enrolment),
        "tab": "rules",
        "form": form,
        "heading": _("Rules of the course"),
        "lead": _("They hold for every assignment that says nothing else."),
        "verb": _("Change the rules"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
