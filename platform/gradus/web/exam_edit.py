"""What staff set for an exam: networks, password, when results are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses import services
from gradus.courses.errors import CourseRefused
from gradus.courses.exams import read_networks
from gradus.courses.models import Assignment
from gradus.web.assignment_edit import changed_or_refused
from gradus.web.door import MOST_PASSWORD
from gradus.web.http import SignedInRequest, address_of
from gradus.web.roster import around


class ExamForm(forms.Form):
    networks = forms.CharField(
        label=gettext_lazy("Allowed networks"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("Such as 10.20.0.0/16, one a line. Empty: from anywhere."),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("New password"), required=False, max_length=MOST_PASSWORD, strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Each student types it once. A new one is asked again from all. Empty: as it is."
        ),
    )  # fmt: skip
    no_password = forms.BooleanField(label=gettext_lazy("Ask for no password"), required=False)
    holds_feedback = forms.BooleanField(
        label=gettext_lazy("Tell results only when released"), required=False
    )

    def clean_networks(self) -> list[str]:
        try:
            return read_networks(self.cleaned_data["networks"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def new_password(self) -> str | None:
        if self.cleaned_data["no_password"]:
            return ""
        return self.cleaned_data["password"] or None


@login_required
@require_http_methods(["GET", "POST"])
def exam_edit(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    assignment, viewer = changed_or_refused(request, assignment_id)
    form = ExamForm(request.POST or None, initial=_initial(assignment))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.change_exam(
                assignment=assignment,
                networks=form.cleaned_data["networks"],
                holds_feedback=form.cleaned_data["holds_feedback"],
                password=form.new_password,
            )
        except CourseRefused as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("The exam is changed."))
            return redirect("web:exam_edit", assignment.pk)
    entries = assignment.exam_entries.select_related("enrolment__user").order_by("-pk")[:1000]
    context: dict[str, Any] = {
        **around(viewer),
        "tab": "assignments",
        "assignment": assignment,
        "form": form,
        "refused": refused,
        "entries": entries,
        "address": address_of(request),
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/exam_edit.html", context, status=status)


@login_required
@require_POST
def release(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Tell students the results; `hold=1` takes that back."""
    assignment, _viewer = changed_or_refused(request, assignment_id)
    is_released = "hold" not in request.POST
    try:
        services.set_released(assignment=assignment, is_released=is_released, now=timezone.now())
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
    else:
        if is_released:
            told = _("Students are told the results of {assignment}.")
        else:
            told = _("Students are no longer told the results of {assignment}.")
        messages.success(request, told.format(assignment=assignment.title))
    return redirect("web:exam_edit", assignment.pk)


def _initial(assignment: Assignment) -> dict[str, object]:
    return {
        "networks": "\n".join(assignment.exam_networks),
        "holds_feedback": assignment.holds_feedback,
    }
