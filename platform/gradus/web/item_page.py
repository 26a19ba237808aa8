"""What the page of an item shows: statement, editor or sheet, last results, attempts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from gradus.courses.models import Enrolment, Item
from gradus.lib.markdown import render as render_markdown
from gradus.lib.refusal import Refused
from gradus.submissions import policy, selectors
from gradus.submissions.models import Draft, StudentItem, Submission
from gradus.web import own_work, sheet_marks, sheets
from gradus.web.calls import shown_calls
from gradus.web.forms import SourceForm
from gradus.web.http import SignedInRequest
from gradus.web.live import live_of
from gradus.web.svg import draw_figure
from gradus.web.text import visible
from gradus.web.verdict import present
from gradus.web.words import KINDS


@dataclass(frozen=True, slots=True)
class Page:
    template: str
    context: dict[str, Any]


def first_view(item: Item, enrolment: Enrolment, student_item: StudentItem, now: datetime) -> Page:
    """The page with the latest answers and the code sent last, or the starter."""
    last = selectors.history(enrolment, item, most=1).first()
    sheet = sheets.sheet_of(student_item.form)
    if sheet and last:
        sheets.fill_from_part(sheet, last.parts.get("answers.json", ""))
        verdict = selectors.standing(last, enrolment, now).verdict
        if verdict and verdict.get("steps"):
            sheet_marks.mark(sheet, verdict["steps"])
    work = own_work.newest(item, enrolment, student_item)
    if sheet and work.answers is not None:
        sheet_marks.fill_over_marks(sheet, work.answers)
    context = _context(item, enrolment, student_item, last, now)
    context |= {"sheet": sheet, "source": work.source} | _draft(work.draft, now)
    if item.version.has_code:
        context |= last_run_panel(enrolment, item, now)
        context |= {"calls": shown_calls(enrolment, item)}
    return _page(item, context)


def _draft(draft: Draft | None, now: datetime) -> dict[str, Any]:
    """What the form says of itself when it saves; each opened page has a name of its own."""
    page = {"name": token_hex(8), "revision": 0, "age_seconds": ""}
    if draft is not None:
        age = max(0, int((now - draft.saved_at).total_seconds()))
        page |= {"revision": draft.revision, "age_seconds": age, "saved_at": draft.saved_at}
    return {"draft": page}


def _posted_draft(request: SignedInRequest) -> dict[str, Any]:
    """The same page as before, when what it sent is shown again."""
    try:
        origin = own_work.origin_of(request.POST)
    except Refused:
        return _draft(None, timezone.now())
    return {"draft": {"name": origin.page, "revision": origin.revision, "age_seconds": ""}}


def refused_view(
    item: Item,
    enrolment: Enrolment,
    student_item: StudentItem,
    request: SignedInRequest,
    refusal: Refused,
) -> Page:
    """The page with what was posted and why it was refused."""
    now = timezone.now()
    sheet = sheets.sheet_of(student_item.form)
    if sheet:
        sheets.read_answers(sheet, request.POST)
    form = SourceForm(request.POST, request.FILES)
    form.is_valid()
    last = selectors.history(enrolment, item, most=1).first()
    context = _context(item, enrolment, student_item, last, now)
    context |= {"sheet": sheet, "refused": refusal.message}
    context |= {"source": form.text} | _posted_draft(request)
    context |= {"typed": request.POST.get("typed", ""), "calls": shown_calls(enrolment, item)}
    return _page(item, context)


def last_run_panel(enrolment: Enrolment, item: Item, now: datetime) -> dict[str, Any]:
    """The panel of the latest Run; empty where there was none."""
    run = selectors.last_run(enrolment, item)
    return {} if run is None else run_panel(run, enrolment, now)


def run_panel(run: Submission, viewer: Enrolment, now: datetime) -> dict[str, Any]:
    """The panel under the editor: a Run on its way, or its results."""
    state = selectors.standing(run, viewer, now)
    if state.verdict is None:
        return {"submission": run, "live": live_of(state, selectors.queue_position(run), now)}
    figures = figures_of(run, state.verdict, viewer, now)
    return {"submission": run, "verdict": present(state.verdict, figures=figures, is_run=True)}


def figures_of(
    submission: Submission, verdict: dict[str, Any], viewer: Enrolment, now: datetime
) -> dict[str, dict[str, Any]]:
    """Figure data by hash, of the figures that a redacted verdict shows."""
    found = {}
    for check in verdict.get("checks", ()):
        for sha256 in check.get("figures", ()):
            data = selectors.figure(submission, sha256, viewer, now)
            if data is not None:
                found[sha256] = json.loads(data)
    return found


def _context(
    item: Item,
    enrolment: Enrolment,
    student_item: StudentItem,
    last: Submission | None,
    now: datetime,
) -> dict[str, Any]:
    attempts = selectors.attempts_left(enrolment, item, now)
    html = render_markdown(item.version.statement, student_item.numbers)
    figure = draw_figure(student_item.figure, "exercise") if student_item.figure else None
    state = selectors.standing(last, enrolment, now) if last else None
    return {
        "place": "course",
        "course": item.assignment.course,
        "item": item,
        "kind": str(KINDS.get(item.version.kind, item.version.kind)),
        "statement": mark_safe(html),  # noqa: S308 render cleans it
        "figure": figure,
        "starter": student_item.starter,
        "attempts": attempts,
        "may_practise": policy.may_practise(enrolment, item, now),
        "may_submit": policy.may_submit(enrolment, item),
        "closed": _closed(item, enrolment, attempts, now),
        "last": present(state.verdict) if state and state.verdict else None,
        "last_submission": last,
        "max_bytes": settings.MAX_PART_BYTES,
        "has_visible": True,
    }


def _closed(
    item: Item, enrolment: Enrolment, attempts: selectors.AttemptsLeft, now: datetime
) -> str:
    """Why Submit would be refused now, as far as it is known beforehand."""
    if item.withdrawn_at is not None:
        withdrawn = _("This exercise is withdrawn and counts for nobody.")
        return f"{withdrawn} {visible(item.withdrawn_why)}"
    if enrolment.is_staff:
        return ""
    if item.assignment.has_closed(now):
        return _("The deadline is over. Run still works.")
    return _("All attempts are used. Run still works.") if attempts.left == 0 else ""


def _page(item: Item, context: dict[str, Any]) -> Page:
    return Page("web/work.html" if item.version.has_code else "web/sheet.html", context)
