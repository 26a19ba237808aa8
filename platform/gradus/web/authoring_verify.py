"""Verification of an own exercise, live, and its publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gradus.authoring import selectors, services
from gradus.authoring.errors import AuthoringRefused
from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.courses.models import Enrolment
from gradus.web.authoring import about, copy_or_404, own_copy_or_refused
from gradus.web.authoring_matrix import matrix_of
from gradus.web.http import SignedInRequest
from gradus.web.live import STOP_POLLING, pause_after


@login_required
@require_http_methods(["GET", "POST"])
def verify(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    viewer, copy = copy_or_404(request, course_id, copy_id)
    refused = ""
    if request.method == "POST":
        own_copy_or_refused(request, course_id, copy_id)
        seeds = request.POST.get("seeds", "")
        try:
            services.verify(
                copy=copy, actor=request.user, now=timezone.now(),
                seeds=int(seeds) if seeds.isdecimal() and len(seeds) < 5 else 0,
            )  # fmt: skip
        except AuthoringRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:own_verify", course_id, copy_id)
    context = {**_context(viewer, copy), "refused": refused}
    return render(request, "web/authoring/verify.html", context, status=409 if refused else 200)


@login_required
@require_GET
def live(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    """The changing part of the page; 204 when nothing is new, 286 when nothing more will come."""
    viewer, copy = copy_or_404(request, course_id, copy_id)
    last = selectors.last_verification(copy)
    is_open = last is not None and last.is_open
    if is_open and request.GET.get("seen") == _stamp(last):
        return HttpResponse(status=204)
    context = _context(viewer, copy)
    if is_open:
        return render(request, "web/authoring/gates.html", context)
    context["oob"] = True  # the head says what can be done now
    return render(request, "web/authoring/gates_ended.html", context, status=STOP_POLLING)


@login_required
@require_POST
def stop(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    last = selectors.last_verification(copy)
    if last is not None and services.stop(job=last, now=timezone.now()):
        messages.success(request, _("The verification is stopped."))
    return redirect("web:own_verify", course_id, copy_id)


@login_required
@require_POST
def publish(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    try:
        made = services.publish(copy=copy, actor=request.user, now=timezone.now())
    except AuthoringRefused as refusal:
        messages.error(request, _("Nothing was published. {why}").format(why=refusal.message))
        return redirect("web:own_verify", course_id, copy_id)
    ordinal = next(
        v.ordinal for v in selectors.versions_of(copy.exercise) if v.version.pk == made.version_id
    )
    messages.success(
        request,
        _(
            "Version {ordinal} is published. New assignments use it; those that are there stay at"
            " the version that they have."
        ).format(ordinal=ordinal),
    )
    return redirect("web:own_versions", course_id, copy_id)


def _context(viewer: Enrolment, copy: WorkingCopy) -> dict[str, Any]:
    context = about(viewer, copy, "verify")
    last: AuthorJob | None = context["last"]
    if last is None:
        return context
    files = []
    if last.digest == copy.digest and last.state != AuthorJob.State.ERROR:
        files = list(selectors.present_files(copy).values_list("path", flat=True))
    has_checks = "checks.py" in files
    now = timezone.now()
    return context | {
        "matrix": matrix_of(last.gates, files if has_checks else (), last.seeds),
        "is_of_these": last.digest == copy.digest,
        "stamp": _stamp(last),
        "pause": pause_after((now - last.created_at).total_seconds()),
        "took": (last.ended_at - last.started_at).total_seconds()
        if last.ended_at and last.started_at
        else None,
    }


def _stamp(last: AuthorJob | None) -> str:
    """What the page shows, in short."""
    return f"{last.pk}.{last.state}.{last.gate_count}" if last else ""
