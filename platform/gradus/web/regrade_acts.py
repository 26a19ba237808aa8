"""What staff does with a run: stop, go on, choose, apply, take back, discard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gradus.courses.models import Enrolment
from gradus.regrades import policy, services
from gradus.regrades.errors import RegradeRefused
from gradus.regrades.models import Run
from gradus.regrades.preview import Preview
from gradus.web.effects import Prompt, confirmed
from gradus.web.http import SignedInRequest
from gradus.web.regrade_page import MOST_TYPED
from gradus.web.regrades import run_or_404, run_page

MOST_TICKED = 100


@login_required
@require_POST
def stop(request: SignedInRequest, run_id: int) -> HttpResponse:
    return _simple(request, run_id, services.stop, _("Stopped. What was begun comes to its end."))


@login_required
@require_POST
def resume(request: SignedInRequest, run_id: int) -> HttpResponse:
    return _simple(request, run_id, services.resume, _("The run goes on."))


@login_required
@require_POST
def discard(request: SignedInRequest, run_id: int) -> HttpResponse:
    done = _("The run is discarded. No mark was changed.")
    return _simple(request, run_id, services.discard, done)


@login_required
@require_POST
def take_in(request: SignedInRequest, run_id: int) -> HttpResponse:
    done = _("What came since is graded again too.")
    return _simple(request, run_id, services.take_in_new, done)


@login_required
@require_POST
def lower(request: SignedInRequest, run_id: int) -> HttpResponse:
    """Choose which marks may become lower: the ticked ones, or all."""
    found, viewer = _changer(request, run_id)
    choice = request.POST.get("choice", "")
    ticked = [key for key in map(_key, request.POST.getlist("mark")[:MOST_TICKED]) if key]
    whole = choice in ("all", "none")
    if not whole and (choice not in ("ticked", "keep") or not ticked):
        return run_page(request, found, viewer, refused=_("Tick the marks first."))
    try:
        services.choose_lower(
            run=found, marks=None if whole else ticked, may_lower=choice in ("all", "ticked"),
            actor=request.user,
        )  # fmt: skip
    except RegradeRefused as refusal:
        return run_page(request, found, viewer, refused=refusal.message)
    return redirect(f"{resolve_url('web:regrade', found.pk)}?show=lowered")


@login_required
@require_POST
def apply(request: SignedInRequest, run_id: int) -> HttpResponse:
    found, viewer = _changer(request, run_id)
    try:
        seen = services.apply(
            run=found, actor=request.user, stamp=request.POST.get("stamp", ""),
            typed=request.POST.get("confirm", "")[:MOST_TYPED], move_items="move" in request.POST,
            now=timezone.now(),
        )  # fmt: skip
    except RegradeRefused as refusal:
        found.refresh_from_db()
        return run_page(request, found, viewer, refused=refusal.message)
    messages.success(request, _done(seen))
    if found.question is not None and found.question.is_open:
        return redirect("web:question", found.question.pk)
    return redirect("web:regrade", found.pk)


@login_required
@require_POST
def reverse(request: SignedInRequest, run_id: int) -> HttpResponse:
    """Asks first, with every mark that would change."""
    found, viewer = _changer(request, run_id)
    change = partial(services.reverse, run=found, actor=request.user, now=timezone.now())
    prompt = Prompt(
        heading=_("Take run {run} back").format(run=found.pk), verb=_("Take it back"),
        done=_("The run is taken back. Marks are as they were before it."),
        back=resolve_url("web:regrade", found.pk), tab="regrades",
    )  # fmt: skip
    try:
        return confirmed(request, viewer, change, prompt)
    except RegradeRefused as refusal:
        found.refresh_from_db()
        return run_page(request, found, viewer, refused=refusal.message)


def _simple(
    request: SignedInRequest, run_id: int, act: Callable[..., Any], done: str
) -> HttpResponse:
    found, viewer = _changer(request, run_id)
    try:
        act(run=found, actor=request.user, now=timezone.now())
    except RegradeRefused as refusal:
        found.refresh_from_db()
        return run_page(request, found, viewer, refused=refusal.message)
    messages.success(request, done)
    return redirect("web:regrade", found.pk)


def _changer(request: SignedInRequest, run_id: int) -> tuple[Run, Enrolment]:
    found, viewer = run_or_404(request, run_id)
    if not policy.may_regrade(viewer):
        raise PermissionDenied
    return found, viewer


def _key(text: str) -> tuple[int, int] | None:
    """Enrolment and item."""
    parts = text.split("-")
    if len(parts) != 2 or not all(p.isascii() and p.isdecimal() and len(p) < 16 for p in parts):
        return None
    return int(parts[0]), int(parts[1])


def _done(seen: Preview) -> str:
    raised, lowered = seen.raised, len(seen.lowered)
    said = ngettext(
        "Applied: {raised} mark raised, {lowered} lowered.",
        "Applied: {raised} marks raised, {lowered} lowered.",
        raised,
    )
    return said.format(raised=raised, lowered=lowered)
