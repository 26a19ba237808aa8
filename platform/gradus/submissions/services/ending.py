"""How a try ends: with a verdict, with numbers, given back, or given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from grader.contracts import Console, Prepared
from grader.verdict import Status, to_dict
from grader.verdict import Verdict as VerdictData
from gradus.courses.models import Item
from gradus.lib import blobs, queue
from gradus.lib.storable import storable
from gradus.submissions.errors import StaleToken
from gradus.submissions.findings import services as findings
from gradus.submissions.models import Artifact, Job, StudentItem, Submission, Verdict

log = structlog.get_logger(__name__)

MAX_SAID = 20_000  # characters of a console call's output


@dataclass(frozen=True, slots=True)
class Figure:
    """Figure data that came before the verdict."""

    sha256: str
    name: str
    media: str
    data: bytes


def store_verdict(
    job: Job,
    data: VerdictData,
    *,
    figures: Iterable[Figure] = (),
    now: datetime,
    final: bool = False,
) -> Verdict | None:
    """End the job with its verdict, exactly once; None where a fault of ours sends it back.

    `final`: the fault is the exercise's, so that another try would end the same way.

    Raises: StaleToken, when another worker holds the job by now.
    """
    if data.status is Status.ERROR and not final and job.tries < settings.MAX_TRIES:
        give_back(job, why=data.message or "the grader reported an error", now=now)
        return None
    kept = list(figures)
    for figure in kept:
        blobs.put(blobs.FIGURES, figure.sha256, figure.data)
    with transaction.atomic():
        state = Job.State.ERROR if data.status is Status.ERROR else Job.State.DONE
        _end(job, state, now, fault=data.message if data.status is Status.ERROR else "")
        verdict = _write(job, data, now)
        Artifact.objects.bulk_create(
            Artifact(job=job, sha256=f.sha256, name=f.name, media=f.media, size_bytes=len(f.data))
            for f in {figure.sha256: figure for figure in kept}.values()
        )
        _follow_up(job, verdict, now)
    log.info("job graded", job_id=job.pk, status=verdict.status, tries=job.tries)
    return verdict


def store_prepared(job: Job, prepared: Prepared, *, now: datetime) -> None:
    """Keep the numbers that were drawn; the first drawing stays for ever.

    What was made for a version that the item has left meanwhile is not kept. Raises: StaleToken.
    """
    with transaction.atomic():
        _end(job, Job.State.DONE, now)
        changes: dict[str, Any] = {
            "numbers": storable(prepared.numbers),
            "form": storable(prepared.form),
            "figure": storable(prepared.figure),
            "prepared_at": now,
            "fault": "",
        }
        if prepared.starter is not None:
            changes["starter"] = storable(prepared.starter)
        waiting = StudentItem.objects.filter(jobs=job, prepared_at__isnull=True)
        if waiting.select_for_update(of=("self",)).first() and not _has_moved(job):
            waiting.update(**changes)
    log.info("numbers drawn", job_id=job.pk, student_item_id=job.student_item_id)


def store_said(job: Job, line: Console, *, now: datetime) -> None:
    """Keep what a console call printed and its value. Raises: StaleToken."""
    said = {"output": _kept(line.output), "value": _kept(line.value)}
    changed = _held(job).filter(submission__mode=Submission.Mode.CONSOLE).update(
        state=Job.State.DONE, token=None, lease_until=None, progress=None, ended_at=now, said=said
    )  # fmt: skip
    if changed != 1:
        raise StaleToken(f"job {job.pk}")
    log.info("console answered", job_id=job.pk, tries=job.tries)


def give_back(
    job: Job, *, why: str, now: datetime, counts: bool = True, pause: bool = True
) -> None:
    """Return the job to the queue after a pause; where nobody failed (not `counts`), for free.

    Raises: StaleToken.
    """
    wait = settings.RETRY_PAUSE * (job.tries if pause else 0)
    changed = _held(job).update(
        state=Job.State.QUEUED,
        token=None,
        lease_until=None,
        progress=None,
        not_before=now + wait,
        tries=F("tries") if counts else F("tries") - 1,
        fault=storable(why[:4000]),
    )
    if changed != 1:
        raise StaleToken(f"job {job.pk}")
    queue.wake_lane(job.lane, after=wait)
    log.warning("job given back", job_id=job.pk, tries=job.tries, counts=counts)


def give_up(job: Job, *, why: str, now: datetime) -> None:
    """End a job that cannot be done as `error`: no points, no attempt used, staff can see why."""
    with transaction.atomic():
        changed = Job.everything.filter(
            pk=job.pk, tries=job.tries, state=job.state, token=job.token
        ).update(
            state=Job.State.ERROR, token=None, lease_until=None, progress=None, ended_at=now,
            fault=storable(why[:4000]),
        )  # fmt: skip
        if changed != 1:
            return  # another worker was faster
        if job.submission is not None and job.submission.mode == Submission.Mode.CONSOLE:
            pass  # the page says it from the state of the job; a console call has no verdict
        elif job.selection == Job.Selection.VISIBLE and job.student_item_id is not None:
            pass  # examples could not be recorded; the numbers are there
        elif job.student_item_id is not None:
            StudentItem.objects.filter(pk=job.student_item_id).update(fault=storable(why[:4000]))
        else:
            verdict = _write(job, _error_verdict(job, why), now)
            _follow_up(job, verdict, now)
    log.error("job given up", job_id=job.pk, tries=job.tries)


def _has_moved(job: Job) -> bool:
    """Whether the item has another version than the one that this drawing was asked of."""
    if job.student_item is None:
        return False
    asked = job.student_item.item
    return not Item.objects.filter(pk=asked.pk, version=asked.version_id).exists()


def _held(job: Job) -> QuerySet[Job]:
    return Job.everything.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)


def _end(job: Job, state: Job.State, now: datetime, fault: str = "") -> None:
    changed = _held(job).update(
        state=state,
        token=None,
        lease_until=None,
        progress=None,
        ended_at=now,
        fault=storable(fault[:4000]),
    )
    if changed != 1:
        raise StaleToken(f"job {job.pk}")


def _write(job: Job, data: VerdictData, now: datetime) -> Verdict:
    submission_id = job.submission_id
    if submission_id is None:
        raise ValueError(f"job {job.pk} draws numbers and has no verdict")
    return Verdict.objects.create(
        job=job,
        submission_id=submission_id,
        status=data.status.value,
        points=exact_points(data.points),
        max_points=exact_points(data.max_points),
        body=to_dict(data),
        created_at=now,
    )


def _follow_up(job: Job, verdict: Verdict, now: datetime) -> None:
    """What a verdict sets in motion, in the same transaction."""
    submission = verdict.submission
    if not job.is_regrade:
        findings.note([verdict])
    if verdict.status in (Verdict.Status.INVALID, Verdict.Status.ERROR):
        speed = job.selection == Job.Selection.SPEED  # correctness counted already
        if submission.mode == Submission.Mode.SUBMIT and not speed and not job.is_regrade:
            Submission.objects.filter(pk=submission.pk).update(given_back=True)
    if job.selection == Job.Selection.CORRECTNESS and _correct(verdict):
        Job.objects.create(
            submission=submission,
            lane=Job.Lane.GPU,
            selection=Job.Selection.SPEED,
            fair_key=job.fair_key,
            seed=bytes(job.seed),
            created_at=now,
            not_before=now,
            # a run may have been stopped since the claim
            regrade=Job.everything.values_list("regrade", flat=True).get(pk=job.pk),
            version=job.version,
            thresholds=job.thresholds,
        )
        queue.wake_lane(Job.Lane.GPU)
    if submission.mode == Submission.Mode.SUBMIT and not job.is_regrade:
        queue.tell(queue.RECORD_VERDICT, verdict.pk)


def _correct(verdict: Verdict) -> bool:
    """No check failed; those that wait for a GPU are pending."""
    checks = verdict.body["checks"]
    return verdict.status in (Verdict.Status.PASSED, Verdict.Status.PARTIAL) and all(
        check["status"] in ("passed", "pending") for check in checks
    )


def _error_verdict(job: Job, why: str) -> VerdictData:
    submission = Submission.objects.select_related("item__version", "item__exercise").get(jobs=job)
    version = job.version or submission.item.version
    return VerdictData(
        exercise=submission.item.exercise.slug,
        version=version.digest,
        status=Status.ERROR,
        points=0.0,
        max_points=float(version.points),
        message=why[:2000],
    )


def _kept(text: str) -> str:
    cut = text if len(text) <= MAX_SAID else f"{text[:MAX_SAID]}\n… {len(text)} characters in all"
    return str(storable(cut))


def exact_points(value: float) -> Decimal:
    """As they are stored."""
    return Decimal(repr(value)).quantize(Decimal("0.001"))
