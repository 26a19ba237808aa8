"""A broken exercise is withdrawn from a course, and restored."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from gradus.authoring.selectors import items_of
from gradus.catalog.models import Exercise
from gradus.courses import services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Enrolment, Role
from gradus.courses.services.withdrawing import MOST_REASON
from gradus.web.authoring import author_or_refused
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest
from gradus.web.roster import around


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Students read it in the mail and on the page of the exercise."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, course_id: int, exercise_id: int) -> HttpResponse:
    viewer = author_or_refused(request, course_id)
    exercise = get_object_or_404(Exercise, pk=exercise_id)
    if not items_of(exercise, viewer.course).exists():
        raise Http404
    form = WithdrawForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        change = partial(
            services.withdraw, course=viewer.course, exercise_id=exercise_id,
            why=form.cleaned_data["why"], actor=request.user, now=timezone.now(),
        )  # fmt: skip
        try:
            prompt = Prompt(
                heading=_("Withdraw the exercise"),
                verb=_("Withdraw it"),
                done=_("{exercise} is withdrawn; its students are told.").format(
                    exercise=exercise.title
                ),
                back=resolve_url("web:withdraw", course_id, exercise_id),
            )
            return confirmed(request, viewer, change, prompt)
        except CourseRefused as refusal:
            refused = refusal.message
    items = list(items_of(exercise, viewer.course))
    context = {
        **around(viewer),
        "tab": "exercises",
        "exercise": exercise,
        "items": items,
        "gone": [item for item in items if item.withdrawn_at],
        "left": [item for item in items if not item.withdrawn_at],
        "students": Enrolment.objects.filter(
            course=viewer.course, role=Role.STUDENT, is_active=True
        ).count(),
        "form": form,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/authoring/withdraw.html", context, status=status)


@login_required
@require_POST
def restore(request: SignedInRequest, course_id: int, exercise_id: int) -> HttpResponse:
    viewer = author_or_refused(request, course_id)
    change = partial(
        services.restore, course=viewer.course, exercise_id=exercise_id, actor=request.user,
        now=timezone.now(),
    )  # fmt: skip
    try:
        prompt = Prompt(
            heading=_("Let the exercise count again"),
            verb=_("Restore it"),
            done=_("The exercise counts again; its students are told."),
            back=resolve_url("web:withdraw", course_id, exercise_id),
        )
        return confirmed(request, viewer, change, prompt)
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("web:withdraw", course_id, exercise_id)
