"""What people mark of an exercise: the rubric, and telling students."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses.models import Enrolment, Item
from gradus.gradebook import policy
from gradus.gradebook.errors import GradeRefused
from gradus.gradebook.models import Rubric
from gradus.gradebook.rubrics import criteria, selectors, services
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest, item_or_404
from gradus.web.numbers import plural_of, points
from gradus.web.roster import around


class RubricForm(forms.Form):
    text = forms.CharField(
        label=_("Criteria"), required=False, max_length=criteria.MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
        help_text=_(
            "A criterion on a line, its levels below it, each as points, a colon and words."
            " Empty: people mark nothing."
        ),
    )  # fmt: skip
    is_anonymous = forms.BooleanField(
        label=_("Hide names from markers until students are told"), required=False
    )
    seen = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)


@login_required
@require_http_methods(["GET", "POST"])
def rubric(request: SignedInRequest, item_id: int) -> HttpResponse:
    item, viewer = _setter_or_refused(request, item_id)
    last = selectors.newest_rubric(item)
    form = RubricForm(request.POST or None, initial=_initial(last))
    refused = ""
    if request.method == "POST" and form.is_valid():
        change = partial(
            services.set_rubric, item=item, actor=request.user, now=timezone.now(),
            **form.cleaned_data,
        )  # fmt: skip
        prompt = Prompt(
            heading=gettext("Change what people mark"), verb=gettext("Change it"),
            done=gettext("The rubric is stored."),
            back=resolve_url("web:marking", item.pk),
        )  # fmt: skip
        try:
            return confirmed(request, viewer, change, prompt)
        except GradeRefused as refusal:
            refused = refusal.message
    context = {
        **around(viewer),
        "tab": "marking",
        "item": item,
        "worth": _worth(item),
        "form": form,
        "refused": refused,
        "versions": item.rubrics.select_related("author").order_by("-number"),
        "release": selectors.release_of(item),
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/rubric.html", context, status=status)


@login_required
@require_POST
def release(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Tell students, once `sure` is ticked."""
    item, _ = _setter_or_refused(request, item_id)
    if "sure" not in request.POST:
        messages.error(request, gettext("Tick the box to tell the students. Nothing was told."))
        return redirect("web:marking", item.pk)
    try:
        count = services.release(item=item, actor=request.user, now=timezone.now())
    except GradeRefused as refusal:
        messages.error(request, refusal.message)
    else:
        told = ngettext(
            "What people marked counts now; {count} student can read it.",
            "What people marked counts now; {count} students can read it.",
            count,
        )
        messages.success(request, told.format(count=count))
    return redirect("web:marking", item.pk)


def _setter_or_refused(request: SignedInRequest, item_id: int) -> tuple[Item, Enrolment]:
    item, viewer = item_or_404(request, item_id)
    if not policy.may_set_rubric(viewer):
        raise PermissionDenied
    return item, viewer


def _worth(item: Item) -> str:
    own = points(item.automatic_points)
    said = ngettext("{own} automatic point.", "{own} automatic points.", plural_of(own))
    if item.human_points:
        said = ngettext(
            "{own} automatic point and {human} by people.",
            "{own} automatic points and {human} by people.",
            plural_of(own),
        )
    return said.format(own=own, human=points(item.human_points))


def _initial(last: Rubric | None) -> dict[str, object]:
    if last is None:
        return {"text": "", "is_anonymous": True, "seen": 0}
    text = criteria.written(criteria.from_json(last.criteria))
    return {"text": text, "is_anonymous": last.is_anonymous, "seen": last.number}
