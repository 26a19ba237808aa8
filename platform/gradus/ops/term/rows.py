"""Write students' work as rows, many at once: what submitting and grading would have written."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from gradus.submissions.services.ending import exact_points

AT_ONCE = 2_000  # rows of a table held in memory
_NOT_COUNTED = (Verdict.Status.INVALID, Verdict.Status.ERROR)


@dataclass(frozen=True, slots=True)
class Work:
    """All that one student did for one item."""

    enrolment: Enrolment
    item: Item
    drawing: Drawing | None
    efforts: Sequence[Effort]
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class _Sent:
    """One submission to be stored."""

    work: Work
    sheet: StudentItem
    effort: Effort
    attempt: int


def store(work: Iterable[Work], rng: random.Random) -> Iterator[int]:
    """Store all of it, in the order in which it came; yield how much is there, now and then."""
    sent: list[_Sent] = []
    rest = iter(work)
    while chosen := list(islice(rest, AT_ONCE)):
        sheets = StudentItem.objects.bulk_create(_sheet(one) for one in chosen)
        for one, sheet in zip(chosen, sheets, strict=True):
            numbered = enumerate(one.efforts, start=1)
            sent += [_Sent(one, sheet, effort, attempt) for attempt, effort in numbered]
    sent.sort(key=lambda one: one.effort.at)
    for start in range(0, len(sent), AT_ONCE):
        _store(sent[start : start + AT_ONCE], rng)
        yield min(start + AT_ONCE, len(sent))


def _store(sent: Sequence[_Sent], rng: random.Random) -> None:
    samples = [one.effort.sample for one in sent]
    submissions = Submission.objects.bulk_create(
        _submission(one.work, one.sheet, one.effort, one.attempt) for one in sent
    )
    pairs = list(zip(submissions, samples, strict=True))
    jobs = Job.objects.bulk_create(_job(one, sample, rng) for one, sample in pairs)
    verdicts = Verdict.objects.bulk_create(
        _verdict(job, sample) for job, sample in zip(jobs, samples, strict=True)
    )
    findings.note(verdicts)
    GradeEvent.objects.bulk_create(_events(verdicts, submissions))
    Artifact.objects.bulk_create(
        Artifact(job=job, sha256=p.sha256, name=p.name, media=p.media, size_bytes=_stored(p))
        for job, sample in zip(jobs, samples, strict=True)
        for p in sample.pictures
    )


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
        points=exact_points(body["points"]),
        max_points=exact_points(body["max_points"]),
        body=body,
        created_at=job.ended_at or job.created_at,
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
