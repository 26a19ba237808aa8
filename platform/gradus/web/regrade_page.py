"""What the page of a run shows: its progress, its preview, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.regrades.models import Run
from gradus.regrades.preview import Kind, Preview
from gradus.regrades.scope import count_missing
from gradus.regrades.selectors import Progress, applied, progress
from gradus.web.gpu_words import about
from gradus.web.http import SignedInRequest, page_of
from gradus.web.regrade_rows import KINDS, shown_rows

BY_HAND = "hand"
MOST_TYPED = 100


def progress_words(run: Run) -> dict[str, Any]:
    """How far the grading is."""
    now = progress(run)
    return {
        "is_over": now.is_over,
        "done": now.done,
        "total": now.total,
        "faults": now.faults,
        "progress_note": _note(now),
    }


def _note(now: Progress) -> str:
    done, total = f"{now.done:,}", f"{now.total:,}"
    if now.is_over or now.seconds_left is None:
        return _("{done} of {total} graded").format(done=done, total=total)
    said = _("{done} of {total} graded, about {time} left")
    return said.format(done=done, total=total, time=about(now.seconds_left))


def preview_context(
    request: SignedInRequest, run: Run, seen: Preview, now: datetime
) -> dict[str, Any]:
    wanted = request.GET.get("show", "")
    rows = [row for row in seen.rows if _fits(row.kind, wanted)]
    if wanted == BY_HAND:
        rows = [row for row in seen.rows if row.turn is not None and row.turn.is_override]
    page = page_of(request, rows)
    moves = [one for one in run.items.select_related("item__version") if _moves(one)]
    lowered = len(seen.lowered)
    return {
        "preview": seen,
        "filters": [("", _("All"), len(seen.rows)), *_filters(seen)],
        "wanted": wanted,
        "page": page,
        "rows": shown_rows(list(page.object_list), now),
        "raised": seen.raised,
        "lowered": lowered,
        "lower_possible": seen.count(Kind.LOWERED),
        "later": count_missing(run, now) if run.state == Run.State.GRADING else 0,
        "moves": moves,
        "moves_along": "stamp" not in request.POST or "move" in request.POST,  # as it was sent
        "typed": request.POST.get("confirm", "")[:MOST_TYPED],
        "moved_titles": ", ".join(one.item.version.title for one in moves),
        "sentence": _sentence(seen, lowered),
    }


def _filters(seen: Preview) -> list[tuple[str, str, int]]:
    counted = [(kind.value, str(KINDS[kind]), seen.count(kind)) for kind in Kind]
    return [*counted, (BY_HAND, _("Set by hand"), seen.by_hand)]


def _fits(kind: Kind, wanted: str) -> bool:
    return wanted not in [one.value for one in Kind] or kind.value == wanted


def _moves(one: Any) -> bool:
    """Whether later work would be graded otherwise."""
    return bool(one.version_id != one.item.version_id or one.thresholds != one.item.thresholds)


def _sentence(seen: Preview, lowered: int) -> str:
    raised, kept = seen.raised, seen.count(Kind.LOWERED) - lowered
    said = ngettext(
        "Applying raises {raised} mark and lowers {lowered}.",
        "Applying raises {raised} marks and lowers {lowered}.",
        raised,
    )
    sentences = [said.format(raised=f"{raised:,}", lowered=f"{lowered:,}")]
    if kept:
        said = ngettext(
            "{count} that came out lower stays as before.",
            "{count} that came out lower stay as before.",
            kept,
        )
        sentences.append(said.format(count=f"{kept:,}"))
    if seen.by_hand:
        said = ngettext(
            "{count} set by a person stays too.", "{count} set by a person stay too.", seen.by_hand
        )
        sentences.append(said.format(count=f"{seen.by_hand:,}"))
    return " ".join(sentences)


def outcome(request: SignedInRequest, run: Run) -> dict[str, Any]:
    """Of a run that is closed."""
    return {"page": page_of(request, applied(run)), "was_applied": run.applied_at is not None}
