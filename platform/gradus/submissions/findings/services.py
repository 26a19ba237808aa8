"""Take the findings out of verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from gradus.submissions.findings.models import Finding
from gradus.submissions.findings.reading import SCORED, findings_of
from gradus.submissions.models import Job, Submission, Verdict

_AT_ONCE = 500  # verdicts in memory


def note(verdicts: Iterable[Verdict]) -> int:
    """Store what these verdicts found, `submission` loaded; how many rows. Safe to repeat."""
    rows = [
        Finding(
            verdict=verdict,
            item_id=verdict.submission.item_id,
            enrolment_id=verdict.submission.enrolment_id,
            **fields,
        )
        for verdict in verdicts
        if verdict.submission.mode == Submission.Mode.SUBMIT and verdict.status in SCORED
        for fields in findings_of(verdict.body)
    ]
    Finding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def replace(old: Sequence[int], new: Iterable[Verdict]) -> None:
    """Let new verdicts speak for their submissions, `submission` loaded, and no longer the old."""
    Finding.objects.filter(verdict__in=old).delete()
    note(new)


def note_all(verdicts: QuerySet[Verdict]) -> int:
    """The same for any number of verdicts, a few in memory at once; how many were read.

    Those that a regrade has replaced are left out.
    """
    later = Verdict.objects.filter(
        submission=OuterRef("submission"), pk__gt=OuterRef("pk")
    ).exclude(job__selection=Job.Selection.SPEED)  # that one adds to the verdict before it
    scored = verdicts.filter(
        ~Exists(later), submission__mode=Submission.Mode.SUBMIT, status__in=SCORED
    )
    rows = scored.select_related("submission").defer("submission__parts").order_by("pk")
    count, last = 0, 0
    while chunk := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        note(chunk)
        count, last = count + len(chunk), chunk[-1].pk
    return count
