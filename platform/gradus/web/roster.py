"""People of a course: the list, a file with its preview, one by hand, join codes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gradus.courses import policy, selectors
from gradus.courses.errors import CourseRefused, RosterChanged
from gradus.courses.models import Enrolment, Role, RosterUpload
from gradus.courses.roster import services
from gradus.courses.roster.file import parse, student_by_hand
from gradus.courses.roster.plan import Fate, RosterPlan, make_plan
from gradus.web.form_page import form_page
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster_forms import (
    INVITE,
    JoinForm,
    RosterFileForm,
    StudentForm,
)
from gradus.web.text import visible

MOST_SHOWN = 500  # steps of one kind in a preview
WORDS = {  # fate: heading, shape
    Fate.NEW: (gettext_lazy("New accounts"), "passed"),
    Fate.JOINS: (gettext_lazy("Joining"), "passed"),
    Fate.RETURNS: (gettext_lazy("Coming back"), "running"),
    Fate.CHANGES: (gettext_lazy("Changed"), "partial"),
    Fate.SAME: (gettext_lazy("Unchanged"), "skipped"),
}


@login_required
@require_GET
def roster(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_see_roster(enrolment):
        raise Http404
    everybody = selectors.roster_of(enrolment.course)
    students = [e for e in everybody if e.role == Role.STUDENT]
    chosen = request.GET.get("section", "")
    no_section = selectors.NO_SECTION
    active = [e for e in students if e.is_active]
    shown = [e for e in active if chosen in ("", str(e.section_id or no_section))]
    context = {
        **around(enrolment),
        "tab": "people",
        "students": shown,
        "student_count": len(active),
        "staff": [e for e in everybody if e.is_active and e.role != Role.STUDENT],
        "may_change_staff": policy.may_change_staff(enrolment),
        "removed": [e for e in students if not e.is_active],
        "sections": enrolment.course.sections.order_by("name"),
        "chosen": chosen,
        "code": services.shown_code(enrolment.course.join_code),
    }
    if enrolment.course.join_code:
        address = f"{reverse('web:join')}?code={context['code']}"
        context["join_address"] = request.build_absolute_uri(address)
    return render(request, "web/roster.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def roster_upload(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = changer_or_refused(request, course_id)
    form = RosterFileForm(request.POST or None, request.FILES or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = services.keep_upload(
                course=enrolment.course, uploader=request.user, name=visible(file.name),
                data=file.read(), now=timezone.now(),
            )  # fmt: skip
        except CourseRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:roster_preview", course_id, kept.pk)
    context = {**around(enrolment), "tab": "people", "form": form, "refused": refused}
    status = 422 if refused or form.errors else 200
    return render(request, "web/roster_upload.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def roster_preview(request: SignedInRequest, course_id: int, upload_id: int) -> HttpResponse:
    enrolment = changer_or_refused(request, course_id)
    mine = RosterUpload.objects.filter(course=enrolment.course, uploader=request.user)
    upload = get_object_or_404(mine, pk=upload_id)
    is_inviting = request.method == "GET" or "invite" in request.POST
    refused = ""
    if request.method == "POST":
        try:
            applied = services.apply_upload(
                upload=upload, stamp=request.POST.get("stamp", ""),
                invite_at=timezone.now() if is_inviting else None,
            )  # fmt: skip
        except RosterChanged as refusal:
            refused = refusal.message
        else:
            messages.success(request, _done(applied))
            return redirect("web:roster", course_id)
    plan = make_plan(enrolment.course, parse(upload.text))
    context = {**around(enrolment), "tab": "people", "plan": plan, "upload": upload}
    context |= {"refused": refused, "groups": _groups(plan), "button": _button(plan)}
    if plan.of(Fate.NEW) or plan.of(Fate.JOINS):
        context |= {"invite": INVITE, "is_inviting": is_inviting}
    return render(request, "web/roster_preview.html", context, status=409 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
def roster_add(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = changer_or_refused(request, course_id)

    def act(sent: dict[str, Any]) -> str:
        invite_at = timezone.now() if sent.pop("invite") else None
        line = student_by_hand(sent)
        applied = services.add_student(course=enrolment.course, line=line, invite_at=invite_at)
        is_new = bool(applied.plan.of(Fate.NEW))
        return added(line.shown_name, is_new=is_new, is_invited=bool(applied.invited))

    return form_page(
        request,
        StudentForm(request.POST or None),
        act,
        done=resolve_url("web:roster", course_id),
        refused_status=422,
        context={
            **around(enrolment),
            "tab": "people",
            "heading": _("Add a student"),
            "lead": _("Who has an account here is found by email address, username or id number."),
            "verb": _("Add to the course"),
        },
    )


@login_required
@require_POST
def join_code(request: SignedInRequest, course_id: int) -> HttpResponse:
    services.new_join_code(course=changer_or_refused(request, course_id).course)
    return redirect("web:roster", course_id)


@login_required
@require_POST
def join_code_end(request: SignedInRequest, course_id: int) -> HttpResponse:
    services.end_join_code(course=changer_or_refused(request, course_id).course)
    return redirect("web:roster", course_id)


@login_required
@require_http_methods(["GET", "POST"])
def join(request: SignedInRequest) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"code": request.GET.get("code", "")[:20]})
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            joined = services.join(user=request.user, code=form.cleaned_data["code"])
        except CourseRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:course", joined.course_id)
    context = {
        "form": form,
        "refused": refused,
        "heading": _("Join a course"),
        "lead": _("The code comes from the staff of the course."),
        "verb": _("Join"),
    }
    return render(request, "web/form.html", context, status=422 if refused or form.errors else 200)


def around(enrolment: Enrolment) -> dict[str, Any]:
    """What every page of a course needs."""
    return {
        "course": enrolment.course,
        "enrolment": enrolment,
        "place": "course",
        "may_change": policy.may_change_course(enrolment),
    }


def changer_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_change_roster(enrolment):
        raise PermissionDenied
    return enrolment


def _groups(plan: RosterPlan) -> list[dict[str, Any]]:
    """The steps of each kind that occurs; what changes nothing comes last."""
    groups = []
    for fate, (word, shape) in WORDS.items():
        steps = plan.of(fate)
        if steps:
            more = max(0, len(steps) - MOST_SHOWN)
            shown = steps[:MOST_SHOWN]
            groups.append(
                {"word": word, "shape": shape, "count": len(steps), "steps": shown, "more": more}
            )
    return groups


def _button(plan: RosterPlan) -> str:
    count = len(plan.steps) - len(plan.of(Fate.SAME))
    if not count:
        return ""
    verb = ngettext(
        "Change the roster: {count} student", "Change the roster: {count} students", count
    ).format(count=count)
    left_out = len(plan.errors)
    if not left_out:
        return verb
    told = ngettext(
        "{change}, leave out {count} line", "{change}, leave out {count} lines", left_out
    )
    return told.format(change=verb, count=left_out)


def added(person: str, *, is_new: bool, is_invited: bool) -> str:
    """What is said of somebody who was put into a course."""
    if is_invited and is_new:
        told = _("{person} is in the course with a new account. An invitation is on its way.")
    elif is_invited:
        told = _("{person} is in the course. An invitation is on its way.")
    elif is_new:
        told = _("{person} is in the course with a new account.")
    else:
        told = _("{person} is in the course.")
    return told.format(person=person)


def _done(applied: services.Applied) -> str:
    line = _("{fate}: {count}.")
    counts = [(word, len(applied.plan.of(fate))) for fate, (word, _shape) in WORDS.items()]
    counts.append((gettext_lazy("Invitations on their way"), applied.invited))
    told = [line.format(fate=word, count=count) for word, count in counts if count]
    return " ".join([_("The roster is changed."), *told])
