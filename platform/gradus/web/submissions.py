"""The page of a submission: live while it is graded, then its verdict. Also what was sent."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gradus.catalog.services import quiz_explanations
from gradus.courses.models import Enrolment
from gradus.gradebook.selectors import grades, regrades_of
from gradus.questions import selectors as questions
from gradus.questions.policy import may_ask
from gradus.submissions import gpu_lane, policy, selectors
from gradus.submissions.models import Submission
from gradus.submissions.selectors import Phase, Standing
from gradus.web import gpu_words, item_page, numbers, sheet_marks, sheets
from gradus.web.code import shown_code
from gradus.web.http import SignedInRequest, submission_or_404
from gradus.web.live import STOP_POLLING, live_of
from gradus.web.text import visible
from gradus.web.verdict import present


@login_required
@require_GET
def submission(request: SignedInRequest, submission_id: int) -> HttpResponse:
    found, viewer = submission_or_404(request, submission_id)
    return render(request, "web/submission.html", _context(found, viewer))


@login_required
@require_GET
def live(request: SignedInRequest, submission_id: int) -> HttpResponse:
    """The changing part of the page; 204 when nothing is new, 286 when nothing more will come."""
    found, viewer = submission_or_404(request, submission_id)
    context = _context(found, viewer)
    shown = context.get("live")
    if "held" in context:
        return render(request, "web/parts/held.html", context, status=STOP_POLLING)
    if shown is None:
        return render(
            request, "web/parts/verdict.html", {**context, "final": True}, status=STOP_POLLING
        )
    if shown.stamp == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "web/parts/live.html", {**context, "oob": True})


@login_required
@require_GET
def run_results(request: SignedInRequest, submission_id: int) -> HttpResponse:
    """The panel under the editor, for a Run; as `live`."""
    found, viewer = submission_or_404(request, submission_id)
    panel = item_page.run_panel(found, viewer, timezone.now())
    shown = panel.get("live")
    if shown is not None and shown.stamp == request.GET.get("seen"):
        return HttpResponse(status=204)
    status = 200 if shown is not None else STOP_POLLING
    return render(request, "web/parts/results.html", panel, status=status)


@login_required
@require_GET
def part(request: SignedInRequest, submission_id: int, name: str) -> HttpResponse:
    """One part as it was sent, as a download; never as a page of ours."""
    found, _ = submission_or_404(request, submission_id)
    if name not in found.parts:
        raise Http404
    return HttpResponse(
        found.parts[name].encode(),
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{found.pk}-{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _context(found: Submission, viewer: Enrolment) -> dict[str, Any]:
    now = timezone.now()
    state = selectors.standing(found, viewer, now)
    item = found.item
    is_mine = found.enrolment_id == viewer.pk
    context: dict[str, Any] = {
        "place": "submissions" if is_mine else "course",
        "course": item.assignment.course,
        "submission": found,
        "item": item,
        "is_mine": is_mine,
        "person": "" if is_mine else visible(found.enrolment.user.shown_name),
        "sent": [
            {"name": name, "size": numbers.size(len(text.encode()))}
            for name, text in found.parts.items()
        ],
    }
    if state.phase is Phase.HELD:
        return context | {"held": True}
    if state.verdict is None:
        return context | {"live": live_of(state, selectors.queue_position(found), now)}
    return context | _verdict_context(found, state, state.verdict, viewer)


def _verdict_context(
    found: Submission, state: Standing, verdict: dict[str, Any], viewer: Enrolment
) -> dict[str, Any]:
    now = timezone.now()
    item = found.item
    source = found.parts.get("solution.py")
    figures = item_page.figures_of(found, verdict, viewer, now)
    shown = present(verdict, figures=figures, is_run=found.mode == Submission.Mode.RUN)
    return {
        "verdict": shown,
        "sheet": marked_sheet(found, verdict, viewer),
        "code": shown_code(source, shown.lines) if source else None,
        "worth": state.points if found.mode == Submission.Mode.SUBMIT else None,
        "grade": grades([found.enrolment], now, for_staff=viewer.is_staff).get(item.pk),
        "attempts": selectors.attempts_left(found.enrolment, item, now),
        "graded_at": state.graded_at,
        "questions": questions.of_submission(found),
        "regrades": regrades_of(found),
        "may_ask": may_ask(viewer, found),
        "waiting_for_gpu": state.phase in (Phase.WAITING_FOR_GPU, Phase.TIMING_ON_GPU),
        "timing": state.phase is Phase.TIMING_ON_GPU,
        "gpu_wait": gpu_words.wait(gpu_lane.wait_of(found, now)),
    }


def marked_sheet(
    found: Submission, verdict: dict[str, Any], viewer: Enrolment
) -> sheets.Sheet | None:
    """The answers with their marks; none where there is nothing to mark."""
    results = verdict.get("steps")
    if not results:
        return None
    form = found.student_item.form if found.student_item else None
    sheet = sheets.sheet_of(form)
    if sheet is None:
        return sheet_marks.bare_sheet(results)
    sheet_marks.mark(sheet, results)
    now = timezone.now()
    if sheet.questions and (viewer.is_staff or policy.shows_everything(found.item, now)):
        everything = policy.may_read_explanations(viewer, found.item, now)
        known = quiz_explanations(found.item.version.digest)
        sheet_marks.explain(sheet, known, everything=everything)
    return sheet
