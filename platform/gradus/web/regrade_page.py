"""What the page of a run shows: its progress, its preview, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gradus.regrades.models import Run
from gradus.regrades.preview import Kind, Preview
from gradus.regrades.scope import count_missing
from gradus.regrades.selectors import applied, progress
from gradus.web.gpu_words import about
from gradus.web.http import SignedInRequest, page_of
from gradus.web.regrade_rows import KINDS, shown_rows

BY_HAND = "hand"


def progress_words(run: Run) -> dict[str, Any]:
    """How far the grading is."""
    now = progress(run)
    left = "" if now.seconds_left is None else f", about {about(now.seconds_left)} left"
    return {
        "is_over": now.is_over,
        "done": now.done,
        "total": now.total,
        "faults": now.faults,
        "progress_note": f"{now.done:,} of {now.total:,} graded{left if not now.is_over else ''}",
    }


def preview_context(
    request: SignedInRequest, run: Run, seen: Preview, now: datetime
) -> dict[str, Any]:
    wanted = request.GET.get("show", "")
    rows = [row for row in seen.rows if _fits(row.kind, wanted)]
    if wanted == BY_HAND:
        rows = [row for row in seen.rows if row.turn is not None and row.turn.is_override]
    page = page_of(request, rows)
    lowered = len(seen.lowered)
    return {
        "preview": seen,
        "filters": [("", "All", len(seen.rows)), *_filters(seen)],
        "wanted": wanted,
        "page": page,
        "rows": shown_rows(list(page.object_list), now),
        "raised": seen.raised,
        "lowered": lowered,
        "lower_possible": seen.count(Kind.LOWERED),
        "later": count_missing(run, now) if run.state == Run.State.GRADING else 0,
        "moves": [one for one in run.items.select_related("item", "version") if _moves(one)],
        "sentence": _sentence(seen, lowered),
    }


def _filters(seen: Preview) -> list[tuple[str, str, int]]:
    counted = [(kind.value, KINDS[kind], seen.count(kind)) for kind in Kind]
    return [*counted, (BY_HAND, "Set by hand", seen.by_hand)]


def _fits(kind: Kind, wanted: str) -> bool:
    return wanted not in [one.value for one in Kind] or kind.value == wanted


def _moves(one: Any) -> bool:
    """Whether later work would be graded otherwise."""
    return bool(one.version_id != one.item.version_id or one.thresholds != one.item.thresholds)


def _sentence(seen: Preview, lowered: int) -> str:
    raised, kept = seen.raised, seen.count(Kind.LOWERED) - lowered
    parts = [f"raises {raised:,} mark{_s(raised)}", f"lowers {lowered:,}"]
    text = f"Applying {' and '.join(parts)}."
    if kept:
        text += f" {kept:,} that came out lower {'stays' if kept == 1 else 'stay'} as before."
    if seen.by_hand:
        text += f" {seen.by_hand:,} set by a person {'stays' if seen.by_hand == 1 else 'stay'} too."
    return text


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def outcome(request: SignedInRequest, run: Run) -> dict[str, Any]:
    """Of a run that is closed."""
    return {"page": page_of(request, applied(run)), "was_applied": run.applied_at is not None}
