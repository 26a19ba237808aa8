"""What pages read about drafts: a student's own, and nobody else's."""

from __future__ import annotations

from gradus.courses.models import Enrolment, Item
from gradus.submissions.drafts.models import Draft, DraftState


def draft_of(enrolment: Enrolment, item: Item) -> Draft | None:
    return Draft.objects.filter(enrolment=enrolment, item=item).first()


def states_of(draft: Draft) -> list[DraftState]:
    """Newest first, without their text."""
    return list(draft.states.defer("parts").order_by("-pk"))


def state_of(enrolment: Enrolment, item: Item, state_id: int) -> DraftState | None:
    mine = DraftState.objects.filter(draft__enrolment=enrolment, draft__item=item)
    return mine.select_related("draft").filter(pk=state_id).first()
