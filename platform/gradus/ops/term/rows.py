"""Write students' work as rows, many at once: what submitting and grading would have written."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice

from gradus.courses.models import Enrolment, Item
from gradus.gradebook.models import GradeEvent
from gradus.lib import blobs
from gradus.ops.term.habits import Effort
from gradus.ops.term.samples import Drawing, Picture, Sample
from gradus.submissions.findings import services as findings
from gradus.submissions.models import Artifact, Job, StudentItem, Submission, Verdict
from gradus.submissions.parts import content_hash
from gradus.submissions.policy import fair_key
from gradus.submissions.selectors import item_points

AT_ONCE = 2_000  # submissions held in memory
_NOT_COUNTED = (Verdict.Status.INVALID, Verdict.Status.ERROR)


@dataclass(frozen=True, slots=True)
class Work:
    """All that one student did for one item."""

    enrolment: Enrolment
    item: Item
    drawing: Drawing | None
    efforts: Sequence[Effort]
    opened_at: datetime


@dataclass
class _Batch:
    """Rows of some work, whose keys exist once the rows above them are stored."""

    sheets: list[StudentItem] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)  # as the submissions

    def add(self, work: Work) -> None:
        sheet = _sheet(work)
        self.sheets.append(sheet)
        for attempt, effort in enumerate(work.efforts, start=1):
            self.samples.append(effort.sample)
            self.submissions.append(_submission(work, sheet, effort, attempt))

    def store(self, rng: random.Random) -> None:
        StudentItem.objects.bulk_create(self.sheets)
        Submission.objects.bulk_create(self.submissions)
        pairs = list(zip(self.submissions, self.samples, strict=True))
        jobs = Job.objects.bulk_create([_job(one, sample, rng) for one, sample in pairs])
        verdicts = Verdict.objects.bulk_create(
            [_verdict(job, sample) for job, (_, sample) in zip(jobs, pairs, strict=True)]
        )
        findings.note(verdicts)
        GradeEvent.objects.bulk_create(_events(verdicts, self.submissions))
        Artifact.objects.bulk_create(
            Artifact(
                job=job, sha256=p.sha256, name=p.name, media=p.media, size_bytes=_stored(p)
            )
            for job, sample in zip(jobs, self.samples, strict=True)
            for p in sample.pictures
        )  # fmt: skip


def store(work: Iterable[Work], rng: random.Random) -> Iterator[int]:
    """Store all of it; yield how many submissions are there, from time to time."""
    stored, rest = 0, iter(work)
    while chosen := list(islice(rest, AT_ONCE)):
        batch = _Batch()
        for one in chosen:
            batch.add(one)
        batch.store(rng)
        stored += len(batch.submissions)
        yield stored


def _sheet(work: Work) -> StudentItem:
    drawn, version = work.drawing, work.item.version
    return StudentItem(
        enrolment=work.enrolment,
        item=work.item,
        numbers=drawn.numbers if drawn else None,
        form=drawn.form if drawn else None,
        figure=drawn.figure if drawn else None,
        starter=(drawn.starter if drawn else None) or version.starter,
        prepared_at=work.opened_at,
        created_at=work.opened_at,
    )


def _submission(work: Work, sheet: StudentItem, effort: Effort, attempt: int) -> Submission:
    parts = effort.sample.parts
    return Submission(
        item=work.item,
        enrolment=work.enrolment,
        student_item=sheet if work.item.version.is_personal else None,
        attempt=attempt,
        given_back=effort.sample.verdict["status"] in _NOT_COUNTED,
        parts=parts,
        sha256=content_hash(parts),
        received_at=effort.at,
    )


def _job(submission: Submission, sample: Sample, rng: random.Random) -> Job:
    began = submission.received_at + timedelta(seconds=rng.uniform(0.05, 2.0))
    light = not submission.item.version.has_code
    return Job(
        submission=submission,
        lane=Job.Lane.LIGHT if light else Job.Lane.CPU,
        fair_key=fair_key(submission.enrolment),
        state=Job.State.DONE,
        tries=1,
        seed=rng.randbytes(16),
        not_before=submission.received_at,
        created_at=submission.received_at,
        started_at=began,
        ended_at=began + timedelta(seconds=float(sample.verdict["usage"]["seconds"])),
    )


def _verdict(job: Job, sample: Sample) -> Verdict:
    body = sample.verdict
    return Verdict(
        job=job,
        submission=job.submission,
        status=body["status"],
        points=_exact(body["points"]),
        max_points=_exact(body["max_points"]),
        body=body,
        created_at=job.ended_at,
    )


def _events(verdicts: Sequence[Verdict], submissions: Sequence[Submission]) -> list[GradeEvent]:
    events = []
    for verdict, submission in zip(verdicts, submissions, strict=True):
        points = item_points(verdict.body, submission.item)
        if points is not None:
            events.append(
                GradeEvent(
                    enrolment=submission.enrolment,
                    item=submission.item,
                    source=GradeEvent.Source.VERDICT,
                    submission=submission,
                    verdict=verdict,
                    points=points,
                    max_points=submission.item.automatic_points,
                    created_at=verdict.created_at,
                )
            )
    return events


@cache
def _stored(picture: Picture) -> int:
    """Put its bytes into the data folder; how many they are."""
    data = picture.text.encode()
    blobs.put(blobs.FIGURES, picture.sha256, data)
    return len(data)


def _exact(points: float) -> Decimal:
    return Decimal(repr(float(points))).quantize(Decimal("0.001"))
