"""Drafts: saved while one writes, looked back at, restored, downloaded. Never a submission."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gradus.courses.models import Enrolment, Item
from gradus.lib.refusal import Refused
from gradus.submissions import services
from gradus.submissions.drafts import selectors
from gradus.submissions.drafts import services as drafts
from gradus.submissions.drafts.models import DraftState, Why
from gradus.submissions.drafts.services import Saved
from gradus.submissions.errors import TooMuchAtOnce
from gradus.submissions.models import StudentItem
from gradus.web import own_work
from gradus.web.difference import changed_code
from gradus.web.http import SignedInRequest, item_or_404, refusal_page, status_of
from gradus.web.items import preparing_page, refused_page
from gradus.web.own_work import Work

CONFLICT = "web/parts/draft_conflict.html"


@login_required
@require_POST
def save(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Keep what is typed: by a script as one writes, or by the button of a page without."""
    found, enrolment = item_or_404(request, item_id)
    mine = services.open_item(enrolment=enrolment, item=found, now=timezone.now())
    if not mine.is_prepared:
        return preparing_page(request, found, mine)
    by_script = "script" in request.POST
    try:
        why = own_work.why_of(request.POST)
        if "reset" in request.POST:
            why, parts = Why.RESET, own_work.reset_parts(request.POST, found, mine)
        else:
            parts = own_work.typed_parts(request.POST, found, mine)
        saved = drafts.save(
            enrolment=enrolment,
            item=found,
            parts=parts,
            origin=own_work.origin_of(request.POST),
            now=timezone.now(),
            why=why,
        )
    except Refused as refusal:
        if by_script:
            return _refused(refusal)
        return refused_page(request, found, enrolment, refusal)
    if by_script:
        return _told(request, saved, parts, found, mine)
    if saved.is_conflict:
        context = _conflict(saved, parts, found, mine)
        return render(request, "web/draft_conflict.html", context, status=409)
    if saved.is_outdated:
        messages.info(request, _("Another device has gone on from that draft. Its text is here."))
    else:
        words = _("Reset to the starter.") if why == Why.RESET else _("Draft saved.")
        messages.success(request, words)
    return redirect("web:item", found.pk)


@login_required
@require_GET
def now(request: SignedInRequest, item_id: int) -> HttpResponse:
    """The draft, for an opened page that asks whether another device has gone on."""
    found, enrolment = item_or_404(request, item_id)
    draft = selectors.draft_of(enrolment, found)
    if draft is None:
        return JsonResponse({"revision": 0, "fields": []})
    mine = services.open_item(enrolment=enrolment, item=found, now=timezone.now())
    fields = own_work.fields_of(draft.parts, mine)
    return JsonResponse({"revision": draft.revision, "fields": fields})


@login_required
@require_GET
def history(request: SignedInRequest, item_id: int) -> HttpResponse:
    """The earlier states that can be restored."""
    found, enrolment = item_or_404(request, item_id)
    draft = selectors.draft_of(enrolment, found)
    states = selectors.states_of(draft) if draft else []
    return render(request, "web/drafts.html", _around(found) | {"draft": draft, "states": states})


@login_required
@require_GET
def state(request: SignedInRequest, item_id: int, state_id: int) -> HttpResponse:
    """What differs from an earlier state to the draft now."""
    found, enrolment = item_or_404(request, item_id)
    old = _state_or_404(enrolment, found, state_id)
    mine = services.open_item(enrolment=enrolment, item=found, now=timezone.now())
    context = _around(found) | {"state": old} | _difference(old.parts, old.draft.parts, mine)
    return render(request, "web/draft_state.html", context)


@login_required
@require_POST
def restore(request: SignedInRequest, item_id: int, state_id: int) -> HttpResponse:
    found, enrolment = item_or_404(request, item_id)
    old = _state_or_404(enrolment, found, state_id)
    now = timezone.now()
    try:
        drafts.restore(enrolment=enrolment, item=found, state_id=old.pk, now=now)
    except Refused as refusal:
        draft = selectors.draft_of(enrolment, found)
        states = selectors.states_of(draft) if draft else []
        context = _around(found) | {"draft": draft, "states": states, "refused": refusal.message}
        return refusal_page(request, "web/drafts.html", context, refusal)
    messages.success(request, _("Restored. What was there before is in the history."))
    return redirect("web:item", found.pk)


@login_required
@require_GET
def file(request: SignedInRequest, item_id: int) -> HttpResponse:
    """solution.py as the editor would show it."""
    found, enrolment = item_or_404(request, item_id)
    if not found.version.has_code:
        raise Http404
    mine = services.open_item(enrolment=enrolment, item=found, now=timezone.now())
    if not mine.is_prepared:
        return HttpResponseRedirect(reverse("web:item", args=[found.pk]))
    source = own_work.newest(found, enrolment, mine).source
    headers = {"Content-Disposition": 'attachment; filename="solution.py"'}
    return HttpResponse(source, content_type="text/x-python; charset=utf-8", headers=headers)


def _refused(refusal: Refused) -> HttpResponse:
    """The answer to a script that cannot save, with the time to try again."""
    answer = JsonResponse({"error": refusal.message}, status=status_of(refusal))
    if isinstance(refusal, TooMuchAtOnce):
        answer["Retry-After"] = str(refusal.retry_after_seconds)
    return answer


def _told(
    request: SignedInRequest, saved: Saved, parts: dict[str, str], item: Item, mine: StudentItem
) -> HttpResponse:
    """The answer to a script: the revision, and in a conflict the other version."""
    answer: dict[str, object] = {"revision": saved.draft.revision}
    if not saved.is_conflict and not saved.is_outdated:
        return JsonResponse(answer)
    answer |= {"fields": own_work.fields_of(saved.draft.parts, mine)}
    if saved.is_conflict:
        context = _conflict(saved, parts, item, mine)
        answer |= {"html": render_to_string(CONFLICT, context, request)}
    return JsonResponse(answer, status=409)


def _conflict(
    saved: Saved, parts: dict[str, str], item: Item, mine: StudentItem
) -> dict[str, object]:
    difference = _difference(saved.draft.parts, parts, mine)
    return _around(item) | {"draft": saved.draft, "aside": saved.aside} | difference


def _difference(old: Work, new: Work, mine: StudentItem) -> dict[str, object]:
    code = changed_code(old.get("solution.py", ""), new.get("solution.py", ""))
    return {"code": code, "answers": own_work.changed_answers(old, new, mine)}


def _state_or_404(enrolment: Enrolment, item: Item, state_id: int) -> DraftState:
    found = selectors.state_of(enrolment, item, state_id)
    if found is None:
        raise Http404
    return found


def _around(item: Item) -> dict[str, object]:
    return {"place": "course", "course": item.assignment.course, "item": item}
