"""Copy a course to a new term, with a look at the new dates before."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gradus.courses import policy
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Enrolment
from gradus.courses.services.copying import MOST_WEEKS, moved_dates
from gradus.gradebook.errors import GradeRefused
from gradus.gradebook.rubrics.copying import copy_course
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import around


class CopyForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    term = forms.CharField(label=gettext_lazy("Term"), max_length=60, required=False)
    weeks = forms.IntegerField(
        label=gettext_lazy("Move all dates by weeks"), min_value=-MOST_WEEKS, max_value=MOST_WEEKS,
        help_text=gettext_lazy("The clock shows the same time, also when summer time differs."),
    )  # fmt: skip
    use_newest = forms.BooleanField(
        label=gettext_lazy("Take the newest version of each exercise"), required=False
    )


@login_required
@require_http_methods(["GET", "POST"])
def course_copy(request: SignedInRequest, course_id: int) -> HttpResponse:
    """POST shows the new dates; with `copy=1` and the same fields it makes the copy."""
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_copy_course(enrolment):
        raise PermissionDenied
    with timezone.override(enrolment.course.zone):
        return _page(request, enrolment)


def _page(request: SignedInRequest, enrolment: Enrolment) -> HttpResponse:
    course = enrolment.course
    initial = {"title": course.title, "weeks": 26, "use_newest": True}
    form = CopyForm(request.POST or None, initial=initial)
    context = {**around(enrolment), "tab": "rules", "form": form, "refused": "", "moved": None}
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            if "copy" in request.POST:
                made = copy_course(
                    source=course, owner=request.user, now=timezone.now(), **form.cleaned_data
                )
                told = _("The copy is made. Publish its assignments when they are ready.")
                messages.success(request, told)
                return redirect("web:course", made.pk)
            context["moved"] = moved_dates(course, form.cleaned_data["weeks"])
        except (CourseRefused, GradeRefused) as refusal:
            context["refused"], status = refusal.message, 409
    return render(request, "web/course_copy.html", context, status=status)
