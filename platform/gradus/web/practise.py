"""Practice of a by-hand exercise: fresh numbers, marked step by step, as often as one likes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from gradus.courses.models import Enrolment, Item
from gradus.lib.markdown import render as render_markdown
from gradus.lib.refusal import Refused
from gradus.submissions import policy, selectors, services
from gradus.submissions.errors import PartsRefused
from gradus.submissions.models import StudentItem
from gradus.submissions.selectors import Standing
from gradus.web import sheet_marks, sheets
from gradus.web.http import SignedInRequest, item_or_404, refusal_page
from gradus.web.items import answers_part, preparing_page
from gradus.web.live import pause_after
from gradus.web.svg import draw_figure
from gradus.web.verdict import present

REPLACED = gettext_noop("These answers belong to earlier numbers. The page shows the fresh ones.")


@login_required
@require_GET
def practice(request: SignedInRequest, item_id: int) -> HttpResponse:
    """The sheet drawn last, with the marks of what was sent for it."""
    found, enrolment = _practisable_or_404(request, item_id)
    sheet, now = selectors.practice_sheet(enrolment, found), timezone.now()
    if sheet is None:
        return render(request, "web/practice_empty.html", _around(found))
    if not sheet.is_prepared:  # asked for again, in case that the drawing failed
        ordinal = sheet.practice
        sheet = services.open_item(enrolment=enrolment, item=found, now=now, practice=ordinal)
    if not sheet.is_prepared:
        return preparing_page(request, found, sheet, "web:practice")
    state = _standing(sheet, enrolment)
    if request.htmx:  # the page asks whether its numbers are drawn, or its answers marked
        if state is not None and not state.is_final:
            return HttpResponse(status=204)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = _filled(sheet, state)
    return render(request, "web/practice.html", _context(found, sheet, shown, state))


@login_required
@require_POST
def practice_new(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Draw the next numbers."""
    found, enrolment = _practisable_or_404(request, item_id)
    try:
        services.draw_practice(enrolment=enrolment, item=found, now=timezone.now())
    except Refused as refusal:
        context = _around(found) | {"refused": refusal.message}
        return refusal_page(request, "web/practice_empty.html", context, refusal)
    return redirect("web:practice", found.pk)


@login_required
@require_POST
def practice_mark(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Have the sheet marked; nothing of it counts."""
    found, enrolment = _practisable_or_404(request, item_id)
    sheet = selectors.practice_sheet(enrolment, found)
    if sheet is None or not sheet.is_prepared:
        return redirect("web:practice", found.pk)
    shown = sheets.sheet_of(sheet.form) or sheets.Sheet([], [])
    try:
        if request.POST.get("practice") != str(sheet.practice):
            raise PartsRefused(_(REPLACED))
        services.mark_practice(
            enrolment=enrolment,
            item=found,
            practice=sheet.practice,
            parts={"answers.json": answers_part(shown, request.POST)},
            now=timezone.now(),
        )
    except Refused as refusal:
        context = _context(found, sheet, shown, None) | {"refused": refusal.message}
        return refusal_page(request, "web/practice.html", context, refusal)
    return redirect("web:practice", found.pk)


def _practisable_or_404(request: SignedInRequest, item_id: int) -> tuple[Item, Enrolment]:
    found, enrolment = item_or_404(request, item_id)
    if not policy.may_practise(enrolment, found, timezone.now()):
        raise Http404
    return found, enrolment


def _standing(sheet: StudentItem, enrolment: Enrolment) -> Standing | None:
    sent = selectors.last_practice(sheet)
    return selectors.standing(sent, enrolment, timezone.now()) if sent else None


def _filled(sheet: StudentItem, state: Standing | None) -> sheets.Sheet:
    shown = sheets.sheet_of(sheet.form) or sheets.Sheet([], [])
    if state is not None:
        sheets.fill_from_part(shown, state.submission.parts.get("answers.json", ""))
        if state.verdict:
            sheet_marks.mark(shown, state.verdict.get("steps", []))
    return shown


def _around(item: Item) -> dict[str, Any]:
    return {"place": "course", "course": item.assignment.course, "item": item}


def _context(
    item: Item, sheet: StudentItem, shown: sheets.Sheet, state: Standing | None
) -> dict[str, Any]:
    html = render_markdown(item.version.statement, sheet.numbers)
    sent = state.submission if state else None
    age_seconds = (timezone.now() - sent.received_at).total_seconds() if sent else 0
    return _around(item) | {
        "statement": mark_safe(html),  # noqa: S308 render cleans it
        "figure": draw_figure(sheet.figure, "exercise") if sheet.figure else None,
        "sheet": shown,
        "practice": sheet.practice,
        "verdict": present(state.verdict) if state and state.verdict else None,
        "is_being_marked": state is not None and state.verdict is None,
        "pause": pause_after(age_seconds),
        "draft_since": int(sent.received_at.timestamp() * 1000) if sent else 0,
    }
