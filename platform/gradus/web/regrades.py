"""Regrade runs: the list, the form that starts one, and the page of one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_http_methods

from gradus.courses.models import Enrolment, Item
from gradus.courses.selectors import enrolment_of
from gradus.lib.downloads import download_headers
from gradus.lib.spreadsheets import csv_bytes
from gradus.questions.models import Question
from gradus.regrades import policy, selectors, services
from gradus.regrades.errors import RegradeRefused
from gradus.regrades.models import Run
from gradus.regrades.preview import preview
from gradus.regrades.scope import plan
from gradus.regrades.services.running import refuse_unusable
from gradus.web.http import (
    SignedInRequest,
    enrolment_or_404,
    page_of,
    posted_fields,
)
from gradus.web.live import STOP_POLLING
from gradus.web.regrade_forms import RegradeForm
from gradus.web.regrade_page import outcome, preview_context, progress_words
from gradus.web.regrade_rows import marks_table, plan_sentence
from gradus.web.roster import around


@login_required
@require_GET
def runs(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_see_regrades(viewer):
        raise PermissionDenied
    items = Item.objects.filter(assignment__course=viewer.course, submissions__mode="submit")
    items = items.select_related("assignment", "version").distinct()
    context = {
        **around(viewer),
        "tab": "regrades",
        "page": page_of(request, selectors.runs_of(viewer.course)),
        "items": items.order_by("assignment__order", "assignment", "order", "pk"),
        "may_regrade": policy.may_regrade(viewer),
    }
    return render(request, "web/regrades/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest, course_id: int) -> HttpResponse:
    """The form; then what it would do; then the start."""
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_regrade(viewer):
        raise PermissionDenied
    items, question = _subject(viewer, request.GET)
    if not items:
        return redirect("web:regrades", course_id)
    form = RegradeForm(
        items, request.POST or None, submission_id=question.submission_id if question else None
    )
    context: dict[str, Any] = {
        **around(viewer), "tab": "regrades", "form": form, "items": items, "question": question,
        "address": request.get_full_path(),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            if "start" not in request.POST:
                refuse_unusable(viewer.course, form.targets)
                planned = plan(form.targets, form.scope_chosen, now)
                context |= {"sentence": plan_sentence(planned), "size": len(planned.submissions)}
                context["fields"] = posted_fields(request, but=("start",))
                return render(request, "web/regrades/confirm.html", context)
            run = services.start(
                course=viewer.course, targets=form.targets, scope=form.scope_chosen,
                reason=form.cleaned_data["reason"], actor=request.user, now=now, question=question,
            )  # fmt: skip
        except RegradeRefused as refusal:
            context["refused"] = refusal.message
        else:
            return redirect("web:regrade", run.pk)
    status = 409 if "refused" in context else 422 if form.errors else 200
    return render(request, "web/regrades/new.html", context, status=status)


@login_required
@require_GET
def run(request: SignedInRequest, run_id: int) -> HttpResponse:
    found, viewer = run_or_404(request, run_id)
    return run_page(request, found, viewer)


@login_required
@require_GET
def live(request: SignedInRequest, run_id: int) -> HttpResponse:
    """The grading so far; the page loads itself again at its end."""
    found, _ = run_or_404(request, run_id)
    words = progress_words(found)
    if found.state != Run.State.GRADING or words["is_over"]:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    context = {"run": found, **words}
    return render(request, "web/regrades/progress.html", context)


@login_required
@require_GET
def marks_file(request: SignedInRequest, run_id: int) -> HttpResponse:
    """The preview, or what was applied, as CSV."""
    found, _ = run_or_404(request, run_id)
    if found.state == Run.State.DISCARDED:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):  # programs read it
        table = list(marks_table(found, timezone.now()))
    services.note_taken(run=found, actor=request.user, marks=len(table) - 1)
    return HttpResponse(
        csv_bytes(table, for_excel=True),
        content_type="text/csv; charset=utf-8",
        headers=download_headers(f"regrade-{found.pk}.csv"),
    )


def run_page(
    request: SignedInRequest, found: Run, viewer: Enrolment, *, refused: str = ""
) -> HttpResponse:
    """As it stands now; with why something was refused."""
    context: dict[str, Any] = {
        **around(viewer),
        "tab": "regrades",
        "run": found,
        "items": found.items.select_related("item__assignment", "item__version", "version"),
        "may_regrade": policy.may_regrade(viewer),
        "refused": refused,
        "pager_at": resolve_url("web:regrade", found.pk),  # this may answer a form
        **progress_words(found),
    }
    if found.state == Run.State.GRADING and not context["is_over"]:
        context["is_grading"] = True
    elif found.is_open:
        now = timezone.now()
        context |= preview_context(request, found, preview(found, now), now)
    else:
        context |= outcome(request, found)
    status = 409 if refused else 200
    return render(request, "web/regrades/run.html", context, status=status)


def run_or_404(request: SignedInRequest, run_id: int) -> tuple[Run, Enrolment]:
    """Raises: Http404 for strangers, PermissionDenied for who may not regrade."""
    found = selectors.one(run_id)
    viewer = enrolment_of(request.user, found.course_id) if found else None
    if found is None or viewer is None:
        raise Http404
    if not policy.may_see_regrades(viewer):
        raise PermissionDenied
    return found, viewer


def _subject(viewer: Enrolment, asked: QueryDict) -> tuple[list[Item], Question | None]:
    """What the address names, if it is of this course."""
    items = Item.objects.filter(assignment__course=viewer.course).select_related(
        "assignment__course", "version", "exercise__newest"
    )
    of_course = Question.objects.filter(submission__item__assignment__course=viewer.course)
    question = None
    if asked.get("question"):
        question = of_course.filter(pk=_number(asked, "question")).first()
        items = items.filter(pk=question.submission.item_id) if question else items.none()
    elif asked.get("assignment"):
        items = items.filter(assignment=_number(asked, "assignment"))
    else:
        items = items.filter(pk=_number(asked, "item"))
    return list(items.order_by("order", "pk")), question


def _number(asked: QueryDict, name: str) -> int:
    text = str(asked.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
