"""Save, set aside and restore drafts. A draft is never a submission and costs no attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gradus.courses.models import Enrolment, Item
from gradus.submissions import parts as parts_rules
from gradus.submissions import policy
from gradus.submissions.drafts import rules
from gradus.submissions.drafts.models import Draft, DraftState, Why
from gradus.submissions.errors import MayNotSubmit, TooManySaves

MOST_PAGE = 32  # characters of the name of a page


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from: which opened page, and the revision that it was made from."""

    page: str
    revision: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a text, and the draft now."""

    draft: Draft
    aside: DraftState | None = None  # where it was set aside
    is_outdated: bool = False  # it was a draft once, and another page has gone on from it

    @property
    def is_conflict(self) -> bool:
        return self.aside is not None


@transaction.atomic
def save(
    *,
    enrolment: Enrolment,
    item: Item,
    parts: Mapping[str, str],
    origin: Origin | None,
    now: datetime,
    why: Why = Why.TYPED,
) -> Saved:
    """Make `parts` the draft; where another page has saved since `origin`, keep them beside it.

    Without an origin they replace whatever is there.

    Raises: MayNotSubmit, PartsRefused, PartsTooLarge, TooManySaves.
    """
    if not policy.may_submit(enrolment, item):
        raise MayNotSubmit
    parts_rules.refuse_unstorable(parts, item.version)
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        enrolment=enrolment,
        item=item,
        defaults={
            "parts": dict(parts), "why": why, "page": _page(origin),
            "saved_at": now, "minute_at": now, "minute_saves": 1,
        },
    )  # fmt: skip
    if is_new or draft.parts == dict(parts):
        return Saved(draft)
    _count(draft, now)
    if origin is not None and _is_stale(origin, draft):
        draft.save(update_fields=["minute_at", "minute_saves"])
        if _has_kept(draft, parts):
            return Saved(draft, is_outdated=True)
        return Saved(draft, aside=_keep(draft, parts, Why.ASIDE, now))
    _replace(draft, parts, _page(origin), now, why)
    return Saved(draft)


@transaction.atomic
def restore(*, enrolment: Enrolment, item: Item, state_id: int, now: datetime) -> Draft | None:
    """Make an earlier state the draft again; the present one joins the history.

    None where this student has no such state. Raises: MayNotSubmit, TooManySaves.
    """
    if not policy.may_submit(enrolment, item):
        raise MayNotSubmit
    draft = Draft.objects.select_for_update().filter(enrolment=enrolment, item=item).first()
    state = draft.states.filter(pk=state_id).first() if draft else None
    if draft is None or state is None:
        return None
    _count(draft, now)
    _replace(draft, state.parts, "", now, Why.RESTORED)
    return draft


def _page(origin: Origin | None) -> str:
    return origin.page[:MOST_PAGE] if origin is not None else ""


def _is_stale(origin: Origin, draft: Draft) -> bool:
    """Whether another page has saved since; one page never conflicts with itself."""
    return _page(origin) != draft.page and origin.revision != draft.revision


def _has_kept(draft: Draft, parts: Mapping[str, str]) -> bool:
    """Whether a text was a draft that another page replaced: that one is always kept."""
    states = draft.states.exclude(why=Why.ASIDE).order_by("-pk")[: rules.MOST_STATES]
    return any(state.parts == dict(parts) for state in states)


def _count(draft: Draft, now: datetime) -> None:
    """Raises: TooManySaves."""
    seconds = rules.seconds_to_wait(draft.minute_at, draft.minute_saves, now)
    if seconds:
        raise TooManySaves(rules.MOST_PER_MINUTE, seconds)
    if now - draft.minute_at >= timedelta(minutes=1):
        draft.minute_at, draft.minute_saves = now, 0
    draft.minute_saves += 1


def _replace(draft: Draft, parts: Mapping[str, str], page: str, now: datetime, why: Why) -> None:
    newest = draft.states.order_by("-pk").values_list("saved_at", flat=True).first()
    since_kept = draft.saved_at - newest if newest is not None else None
    shrinks = rules.shrinks(rules.size_bytes(draft.parts), rules.size_bytes(parts))
    stands_out = shrinks or page != draft.page
    if rules.is_kept(Why(draft.why), why, since_kept, stands_out=stands_out):
        _keep(draft, draft.parts, Why(draft.why), draft.saved_at)
    draft.parts, draft.why, draft.page = dict(parts), why, page
    draft.revision += 1
    draft.saved_at = now
    draft.save()


def _keep(draft: Draft, parts: Mapping[str, str], why: Why, saved_at: datetime) -> DraftState:
    """Add a state; the oldest ones go. A text is set aside once, however often it is sent."""
    if why == Why.ASIDE:
        for known in draft.states.filter(why=why):
            if known.parts == dict(parts):
                return known
    kept = DraftState.objects.create(
        draft=draft,
        parts=dict(parts),
        why=why,
        size_bytes=rules.size_bytes(parts),
        saved_at=saved_at,
    )
    states = list(draft.states.order_by("-pk").values_list("pk", "size_bytes"))
    surplus = rules.too_many([size for _, size in states])
    if surplus:
        draft.states.filter(pk__in=[pk for pk, _ in states[-surplus:]]).delete()
    return kept
