"""Groups of a course's assignments: weights and what is dropped."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses import policy, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import AssignmentGroup, Enrolment
from gradus.courses.models.groups import MOST_DROPPED
from gradus.web.assignment_forms import CommaDecimalField
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import around


class GroupForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    weight = CommaDecimalField(
        label=gettext_lazy("Weight"),
        min_value=0,
        max_digits=6,
        decimal_places=3,
        help_text=gettext_lazy(
            "In the total, beside other groups and assignments without a group."
        ),
    )
    drop_lowest = forms.IntegerField(
        label=gettext_lazy("Drop the lowest"),
        min_value=0,
        max_value=MOST_DROPPED,
        help_text=gettext_lazy(
            "So many assignments do not count: those whose absence is best for the student."
            " At least one always counts."
        ),
    )


@login_required
@require_http_methods(["GET", "POST"])
def groups(request: SignedInRequest, course_id: int) -> HttpResponse:
    return _page(request, _changer_or_refused(request, course_id), None)


@login_required
@require_http_methods(["GET", "POST"])
def group(request: SignedInRequest, course_id: int, group_id: int) -> HttpResponse:
    viewer = _changer_or_refused(request, course_id)
    return _page(request, viewer, get_object_or_404(viewer.course.groups, pk=group_id))


@login_required
@require_POST
def group_delete(request: SignedInRequest, course_id: int, group_id: int) -> HttpResponse:
    viewer = _changer_or_refused(request, course_id)
    found = get_object_or_404(viewer.course.groups, pk=group_id)
    change = partial(services.delete_group, group=found)
    prompt = Prompt(
        heading=_("Delete the group {name}").format(name=found.name),
        verb=_("Delete it"),
        done=_("The group is deleted; its assignments count by themselves."),
        back=resolve_url("web:groups", course_id),
        tab="rules",
    )
    try:
        return confirmed(request, viewer, change, prompt)
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("web:groups", course_id)


def _changer_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_change_course(enrolment):
        raise PermissionDenied
    return enrolment


def _page(
    request: SignedInRequest, viewer: Enrolment, found: AssignmentGroup | None
) -> HttpResponse:
    form = GroupForm(request.POST or None, initial=_initial(found))
    refused = ""
    if request.method == "POST" and form.is_valid():
        change = partial(
            services.save_group, course=viewer.course, group=found, **form.cleaned_data
        )
        try:
            prompt = Prompt(
                heading=_("Change this group"),
                verb=_("Change it"),
                done=_("The group is stored."),
                back=resolve_url("web:groups", viewer.course_id),
                tab="rules",
            )
            return confirmed(request, viewer, change, prompt)
        except CourseRefused as refusal:
            refused = refusal.message
    context = {**around(viewer), "tab": "rules", "form": form, "refused": refused}
    context |= {"groups": _counted(viewer), "group": found}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/groups.html", context, status=status)


def _initial(found: AssignmentGroup | None) -> dict[str, object]:
    if found is None:
        return {"weight": 1, "drop_lowest": 0}
    return {"name": found.name, "weight": found.weight, "drop_lowest": found.drop_lowest}


def _counted(viewer: Enrolment) -> list[AssignmentGroup]:
    return list(viewer.course.groups.annotate(size=Count("assignments")).order_by("name", "pk"))
