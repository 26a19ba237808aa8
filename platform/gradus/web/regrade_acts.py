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
from django.views.decorators.http import require_http_methods, require_POST

from gradus.courses.models import Enrolment
from gradus.regrades import policy, services
from gradus.regrades.errors import RegradeRefused
from gradus.regrades.models import Run
from gradus.regrades.preview import Preview, preview
from gradus.web.effects import unconfirmed
from gradus.web.http import SignedInRequest
from gradus.web.regrades import run_or_404, run_page

MOST_TICKED = 100


@login_required
@require_POST
def stop(request: SignedInRequest, run_id: int) -> HttpResponse:
    return _simple(request, run_id, services.stop, "Stopped. What was begun comes to its end.")


@login_required
@require_POST
def resume(request: SignedInRequest, run_id: int) -> HttpResponse:
    return _simple(request, run_id, services.resume, "The run goes on.")


@login_required
@require_POST
def discard(request: SignedInRequest, run_id: int) -> HttpResponse:
    done = "The run is discarded. No mark was changed."
    return _simple(request, run_id, services.discard, done)


@login_required
@require_POST
def take_in(request: SignedInRequest, run_id: int) -> HttpResponse:
    return _simple(request, run_id, services.take_in_new, "What came since is graded again too.")


@login_required
@require_POST
def lower(request: SignedInRequest, run_id: int) -> HttpResponse:
    """Choose which marks may become lower: the ticked ones, or all."""
    found, viewer = _changer(request, run_id)
    choice = request.POST.get("choice", "")
    ticked = [key for key in map(_key, request.POST.getlist("mark")[:MOST_TICKED]) if key]
    whole = choice in ("all", "none")
    if not whole and (choice not in ("ticked", "keep") or not ticked):
        return run_page(request, found, viewer, refused="Tick the marks first.")
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
    now = timezone.now()
    if found.is_open:
        lowered = len(preview(found, now).lowered)
        typed = " ".join(request.POST.get("confirm", "")[:40].lower().split())
        if lowered and typed != f"lower {lowered}":
            words = f"Type “lower {lowered}” if {lowered} mark{_s(lowered)} should become lower."
            return run_page(request, found, viewer, refused=words)
    try:
        seen = services.apply(
            run=found, actor=request.user, stamp=request.POST.get("stamp", ""),
            move_items="move" in request.POST, now=now,
        )  # fmt: skip
    except RegradeRefused as refusal:
        found.refresh_from_db()
        return run_page(request, found, viewer, refused=refusal.message)
    messages.success(request, _done(seen))
    if found.question is not None and found.question.is_open:
        return redirect("web:question", found.question.pk)
    return redirect("web:regrade", found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def reverse(request: SignedInRequest, run_id: int) -> HttpResponse:
    """Asks first, with every mark that would change."""
    found, viewer = _changer(request, run_id)
    if request.method == "GET":  # the way back from the question
        return redirect("web:regrade", found.pk)
    change = partial(services.reverse, run=found, actor=request.user, now=timezone.now())
    try:
        asked = unconfirmed(
            request, viewer, change, heading=f"Take run {found.pk} back", verb="Take it back",
            tab="regrades",
        )  # fmt: skip
        found.refresh_from_db()
        if asked is not None:
            return asked
        change()
    except RegradeRefused as refusal:
        found.refresh_from_db()
        return run_page(request, found, viewer, refused=refusal.message)
    messages.success(request, "The run is taken back. Marks are as they were before it.")
    return redirect("web:regrade", found.pk)


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
    return f"Applied: {raised} mark{_s(raised)} raised, {lowered} lowered."


def _s(count: int) -> str:
    return "" if count == 1 else "s"
