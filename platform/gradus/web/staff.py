"""Who runs a course: give a role, change it, end it; the name of the course; the archive."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses import policy, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Enrolment, Role
from gradus.courses.services.staff import GIVEN
from gradus.web.form_page import form_page
from gradus.web.forms import CourseForm
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import added, around
from gradus.web.text import visible

ROLES = [(role.value, role.label) for role in GIVEN]
WHAT_EACH_MAY = _(
    "Owners may do everything. Instructors change assignments, rosters and marks. Assistants read"
    " all work, mark and answer. Reviewers read all work and answer. Observers see what students"
    " see."
)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, help_text=WHAT_EACH_MAY)


class StaffForm(RoleForm):
    person = forms.CharField(
        label=_("Username or email address"), max_length=150,
        help_text=_("An address that has no account here gets a new one."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), required=False, max_length=150, help_text=_("For a new account.")
    )
    invite = forms.BooleanField(
        label=_("Write to them how to get in"), required=False, initial=True
    )
    field_order = ("person", "name", "role", "invite")


@login_required
@require_http_methods(["GET", "POST"])
def staff_add(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = _owner_or_refused(request, course_id)

    def act(sent: dict[str, Any]) -> str:
        invite_at = timezone.now() if sent.pop("invite") else None
        made = services.add_staff(course=viewer.course, invite_at=invite_at, **sent)
        name = made.enrolment.user.shown_name
        return added(name, is_new=made.is_new, is_invited=made.is_invited)

    return form_page(
        request,
        StaffForm(request.POST or None, initial={"role": Role.ASSISTANT.value}),
        act,
        done=resolve_url("web:roster", course_id),
        context={
            **around(viewer),
            "tab": "people",
            "heading": gettext("Add staff or an observer"),
            "verb": gettext("Add to the course"),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def staff_member(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    viewer = _owner_or_refused(request, course_id)
    found = _member_or_404(viewer, enrolment_id)

    def act(sent: dict[str, Any]) -> str:
        services.change_role(enrolment=found, role=sent["role"])
        return gettext("{person} is changed.").format(person=found.user.shown_name)

    return form_page(
        request,
        RoleForm(request.POST or None, initial={"role": found.role}),
        act,
        done=resolve_url("web:course" if found.pk == viewer.pk else "web:roster", course_id),
        template="web/staff_member.html",
        context={
            **around(viewer),
            "tab": "people",
            "member": found,
            "heading": visible(found.user.shown_name),
            "verb": gettext("Store"),
        },
    )


@login_required
@require_POST
def staff_end(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    viewer = _owner_or_refused(request, course_id)
    found = _member_or_404(viewer, enrolment_id)
    try:
        services.end_role(enrolment=found)
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("web:staff_member", course_id, enrolment_id)
    told = gettext("{person} is removed. All records are kept.")
    messages.success(request, told.format(person=found.user.shown_name))
    if found.user_id == request.user.pk:
        return redirect("web:overview")
    return redirect("web:roster", course_id)


@login_required
@require_http_methods(["GET", "POST"])
def course_details(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = enrolment_or_404(request, course_id)
    if not (policy.may_change_course(viewer) or policy.may_archive(viewer)):
        raise PermissionDenied
    course = viewer.course

    def act(sent: dict[str, Any]) -> str:
        services.name_course(course=course, **sent)
        return gettext("The course has its new name.")

    form = CourseForm(request.POST or None, initial={"title": course.title, "term": course.term})
    for field in form.fields.values():
        field.disabled = course.is_archived
    return form_page(
        request,
        form,
        act,
        done=resolve_url("web:course_details", course_id),
        template="web/course_details.html",
        context={
            **around(viewer),
            "tab": "rules",
            "may_archive": policy.may_archive(viewer),
            "heading": gettext("Name and archive"),
            "verb": "" if course.is_archived else gettext("Store"),
        },
    )


@login_required
@require_POST
def course_archive(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_archive(viewer):
        raise PermissionDenied
    archived = "open" not in request.POST
    services.set_archived(course=viewer.course, archived=archived)
    told = gettext("The course is archived: everybody may read, nobody may change it.")
    if not archived:
        told = gettext("The course is open again.")
    messages.success(request, told)
    return redirect("web:course_details", course_id)


def _owner_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_change_staff(viewer):
        raise PermissionDenied
    return viewer


def _member_or_404(viewer: Enrolment, enrolment_id: int) -> Enrolment:
    staff = Enrolment.objects.filter(course=viewer.course, is_active=True, role__in=GIVEN)
    return get_object_or_404(staff.select_related("user", "course"), pk=enrolment_id)
