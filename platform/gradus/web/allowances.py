"""Extensions and excuses of an assignment: the list, one more, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses import selectors, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Allowance, Assignment, Enrolment
from gradus.courses.services import Target
from gradus.web.allowance_forms import AllowanceForm
from gradus.web.assignment_edit import changed_or_refused
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest
from gradus.web.roster import around
from gradus.web.templatetags.gradus import moment
from gradus.web.text import visible


@login_required
@require_http_methods(["GET", "POST"])
def allowances(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    assignment, viewer = changed_or_refused(request, assignment_id)
    with timezone.override(assignment.course.zone):  # times are typed in the zone of the course
        return _page(request, assignment, viewer)


def _page(request: SignedInRequest, assignment: Assignment, viewer: Enrolment) -> HttpResponse:
    initial = {"student": request.GET.get("student", "")[:150]}
    form = AllowanceForm(assignment, request.POST or None, initial=initial)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _add(request, assignment, viewer, form)
        except CourseRefused as refusal:
            refused = refusal.message
    context = {
        **around(viewer),
        "tab": "assignments",
        "assignment": assignment,
        "rows": [_row(one) for one in selectors.allowances_of(assignment)],
        "form": form,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/allowances.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Row:
    """An extension, an excuse, or the end of one, as the list shows it."""

    event: Allowance
    told: SafeString
    verb: SafeString  # on the button that takes it back; empty where nothing can be taken back


def _row(event: Allowance) -> Row:
    if event.kind == Allowance.Kind.UNDO or hasattr(event, "undone_by"):
        return Row(event, _told(event), SafeString())
    if event.kind == Allowance.Kind.EXTENSION:
        verb = _('Take back<span class="sr"> extension of {whom}</span>')
    else:
        verb = _('Take back<span class="sr"> excuse of {whom}</span>')
    name = event.enrolment.user.shown_name if event.enrolment else str(event.section)
    return Row(event, _told(event), format_html(verb, whom=visible(name)))


def _told(event: Allowance) -> SafeString:
    what: dict[str, object] = {"whom": _whom(event), "reason": visible(event.reason)}
    if event.undoes is not None:
        if event.undoes.kind == Allowance.Kind.EXTENSION:
            return format_html(_("Taken back: extension for {whom}"), **what)
        return format_html(_("Taken back: excuse for {whom}"), **what)
    if event.due_at is not None:
        told = _("<b>Extension</b> for {whom} to {when}: “{reason}”")
        return format_html(told, when=moment(event.due_at, "seconds"), **what)
    if event.item is None:
        told = _("<b>Excuse</b> for {whom} from the whole assignment: “{reason}”")
        return format_html(told, **what)
    told = _("<b>Excuse</b> for {whom} from {exercise}: “{reason}”")
    return format_html(told, exercise=event.item.version.title, **what)


def _whom(event: Allowance) -> str:
    if event.enrolment is not None:
        return visible(event.enrolment.user.shown_name)
    return _("section {name}").format(name=visible(str(event.section)))


def _add(
    request: SignedInRequest, assignment: Assignment, viewer: Enrolment, form: AllowanceForm
) -> HttpResponse:
    data = form.cleaned_data
    target = Target(enrolment=data["student"], section=data["section"])
    common: dict[str, Any] = {
        "assignment": assignment, "target": target, "reason": data["reason"],
        "actor": request.user, "now": timezone.now(),
    }  # fmt: skip
    if data["kind"] == Allowance.Kind.EXTENSION:
        change = partial(services.extend, **common, due_at=data["due_at"])
        heading, verb = _("Give this extension"), _("Give the extension")
        done = _("The extension is given.")
    else:
        change = partial(services.excuse, **common, item=data["item"])
        heading, verb = _("Give this excuse"), _("Give the excuse")
        done = _("The excuse is given.")
    back = resolve_url("web:allowances", assignment.pk)
    prompt = Prompt(heading=heading, verb=verb, done=done, back=back)
    return confirmed(request, viewer, change, prompt)


@login_required
@require_POST
def allowance_undo(request: SignedInRequest, assignment_id: int, allowance_id: int) -> HttpResponse:
    assignment, viewer = changed_or_refused(request, assignment_id)
    found = get_object_or_404(assignment.allowances, pk=allowance_id)
    now = timezone.now()
    change = partial(services.take_back, allowance=found, actor=request.user, now=now)
    if found.kind == Allowance.Kind.EXTENSION:
        heading, done = _("Take this extension back"), _("The extension is taken back.")
    else:
        heading, done = _("Take this excuse back"), _("The excuse is taken back.")
    back = resolve_url("web:allowances", assignment.pk)
    prompt = Prompt(heading=heading, verb=_("Take it back"), done=done, back=back)
    try:
        return confirmed(request, viewer, change, prompt)
    except CourseRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("web:allowances", assignment.pk)
