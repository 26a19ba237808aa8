"""Turn verdicts into grade events."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from gradus.gradebook.models import GradeEvent
from gradus.submissions.models import Submission, Verdict
from gradus.submissions.selectors import item_points, joined_verdict

log = structlog.get_logger(__name__)

_RECORDED = Q(submission__mode=Submission.Mode.SUBMIT, job__regrade="")  # regrades are applied
_SCORED = (Verdict.Status.PASSED, Verdict.Status.PARTIAL, Verdict.Status.FAILED)


@transaction.atomic
def record_verdict(verdict_id: int, *, now: datetime) -> GradeEvent | None:
    """Add the grade event of a verdict; the one that is there if there is one already.

    None for what has no grade: Runs, invalid submissions, faults of ours, rows that are gone.
    """
    verdict = Verdict.objects.filter(_RECORDED, pk=verdict_id, status__in=_SCORED).first()
    if verdict is None:
        return None
    # Correctness and speed may arrive together: who is later here sees what the other stored.
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("item", "enrolment")
        .get(pk=verdict.submission_id)
    )
    joined, provisional = joined_verdict(submission)
    points = item_points(joined, submission.item) if joined else None
    if points is None:
        return None
    event, created = GradeEvent.objects.get_or_create(
        verdict=verdict,
        defaults={
            "enrolment": submission.enrolment,
            "item": submission.item,
            "source": GradeEvent.Source.VERDICT,
            "submission": submission,
            "points": points,
            "max_points": submission.item.automatic_points,
            "is_provisional": provisional,
            "created_at": now,
        },
    )
    if created:
        log.info("grade recorded", verdict_id=verdict_id, grade_event_id=event.pk)
    return event


def sweep(*, now: datetime, most: int = 200) -> int:
    """Record verdicts whose wake-up was lost; how many there were."""
    missing = Verdict.objects.filter(
        _RECORDED, grade_event__isnull=True, status__in=_SCORED
    ).order_by("pk")
    ids = list(missing.values_list("pk", flat=True)[:most])
    return sum(record_verdict(verdict_id, now=now) is not None for verdict_id in ids)
