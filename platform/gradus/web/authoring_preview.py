"""An own exercise as a student would see it: drawn by a grader, with nothing stored for anybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gradus.authoring import selectors, services
from gradus.authoring.errors import AuthoringRefused
from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.catalog.services import files_of
from gradus.courses.models import Enrolment
from gradus.lib.markdown import render as render_markdown
from gradus.submissions.models import StudentItem
from gradus.web import sheets
from gradus.web.authoring import about, copy_or_404, own_copy_or_refused
from gradus.web.http import SignedInRequest
from gradus.web.live import pause_after
from gradus.web.svg import draw_figure
from gradus.web.text import visible

MOST_STUDENTS = 2000


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    viewer, copy = copy_or_404(request, course_id, copy_id)
    if request.htmx:
        return _polled(selectors.last_preview(copy, request.user.pk))
    drawn = _drawn(copy, viewer)
    refused = ""
    if request.method == "POST":
        own_copy_or_refused(request, course_id, copy_id)
        try:
            numbers = _numbers(drawn, request.POST.get("student", ""))
            services.preview(copy=copy, actor=request.user, now=timezone.now(), numbers=numbers)
        except AuthoringRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:own_preview", course_id, copy_id)
    job = selectors.last_preview(copy, request.user.pk)
    context = {
        **about(viewer, copy, "preview"),
        "students": [(one.enrolment_id, _name(one)) for one in drawn],
        "job": job,
        "refused": refused,
        **(_shown(job, copy) if job is not None else {}),
    }
    return render(request, "web/authoring/preview.html", context, status=409 if refused else 200)


def _polled(job: AuthorJob | None) -> HttpResponse:
    """The page asks whether its numbers are drawn."""
    is_open = job is not None and job.is_open
    return HttpResponse(status=204, headers={} if is_open else {"HX-Refresh": "true"})


def _drawn(copy: WorkingCopy, viewer: Enrolment) -> list[StudentItem]:
    """Whose numbers there are; those themselves are read when they are asked for."""
    rows = StudentItem.objects.filter(
        item__exercise=copy.exercise_id, item__assignment__course=viewer.course_id, practice=0,
        numbers__isnull=False,
    ).select_related("enrolment__user").defer("numbers", "form", "figure", "starter")  # fmt: skip
    latest = list(rows.order_by("-pk")[:MOST_STUDENTS])
    newest = {one.enrolment_id: one for one in reversed(latest)}
    return sorted(newest.values(), key=lambda one: _name(one).casefold())


def _numbers(drawn: list[StudentItem], student: str) -> dict[str, Any] | None:
    """Raises: AuthoringRefused."""
    if not student:
        return None
    for one in drawn:
        if str(one.enrolment_id) == student:
            return dict(one.numbers or {})
    raise AuthoringRefused(_("This student has no numbers for this exercise."))


def _name(one: StudentItem) -> str:
    return visible(one.enrolment.user.shown_name)


def _shown(job: AuthorJob, copy: WorkingCopy) -> dict[str, Any]:
    pause = pause_after((timezone.now() - job.created_at).total_seconds())
    prepared = job.prepared
    if prepared is None:
        return {"pause": pause}
    files = files_of(job.digest)
    html = render_markdown(files.get("statement.md", b"").decode(), prepared.get("numbers") or {})
    starter = prepared.get("starter")
    if starter is None and "checks.py" in files:
        starter = files.get("starter.py", b"").decode()
    figure = prepared.get("figure")
    return {
        "is_old": job.digest != copy.digest,
        "statement": mark_safe(html),  # noqa: S308 render cleans it
        "figure": draw_figure(figure, "exercise") if figure else None,
        "sheet": sheets.sheet_of(prepared.get("form")),
        "starter": starter,
        "has_code": "checks.py" in files,
    }
