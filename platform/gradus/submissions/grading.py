"""Take one claimed job through the grader: request, lease, progress, verdict."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Generator
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from grader import contracts
from grader.contracts import Op, Overrides, Parts, Request
from grader.verdict import Verdict, from_json
from gradus.catalog.models import Version
from gradus.catalog.services import bundle_of
from gradus.submissions import client, services
from gradus.submissions.client import Heard
from gradus.submissions.errors import GraderLost, GraderUnreachable, StaleToken
from gradus.submissions.models import Job, Submission
from gradus.submissions.parts import CONSOLE_SECONDS
from gradus.submissions.progress import Progress
from gradus.submissions.services import Figure
from gradus.submissions.services.prepare import student_seed

log = structlog.get_logger(__name__)

_OPS = {Submission.Mode.RUN.value: Op.RUN, Submission.Mode.CONSOLE.value: Op.CONSOLE}
_LEASE_SECONDS = 2.0  # the lease is extended this often, and only while lines arrive

stopping = threading.Event()  # this process ends: its jobs go back at the grader's next line


def grade(job: Job) -> bool:
    """Bring a job, claimed by this process, to its end, or give it back.

    False where there is no grader, so that it makes no sense to claim the next job now.
    """
    try:
        try:
            _grade(job)
        except GraderUnreachable as error:
            services.give_back(job, why=f"no grader: {error}", now=timezone.now(), counts=False)
            return False
        except _Stopping:
            services.give_back(
                job, why="the worker stopped", now=timezone.now(), counts=False, pause=False
            )
            return False
        except GraderLost as error:
            services.give_back(job, why=f"the grader went away: {error}", now=timezone.now())
        except StaleToken:
            raise
        except Exception as error:
            services.give_back(
                job, why=f"the worker failed: {type(error).__name__}", now=timezone.now()
            )
            raise
    except StaleToken:
        log.warning("lease lost", job_id=job.pk, tries=job.tries)
    return True


class _Stopping(Exception):
    """This worker was told to end; another one does the job."""


def request_for(job: Job) -> tuple[Request, dict[str, bytes]]:
    """The worker's first line for a job, and the parts that follow it."""
    if job.student_item is not None and job.selection == Job.Selection.VISIBLE:
        item = job.student_item
        request = Request(op=Op.EXAMPLES, numbers=item.numbers, **_common(job, item.item.version))
        return request, {}
    if job.student_item is not None:
        item = job.student_item
        seed = student_seed(item) if item.numbers is None else None
        request = Request(
            op=Op.PREPARE, numbers=item.numbers, student_seed=seed,
            **_common(job, item.item.version),
        )  # fmt: skip
        return request, {}
    submission = job.submission
    if submission is None:
        raise ValueError(f"job {job.pk} has no subject")
    parts = {name: text.encode() for name, text in submission.parts.items()}
    student_item = submission.student_item
    version = job.version or submission.item.version
    request = Request(
        op=_OPS.get(submission.mode, Op.GRADE),
        parts=Parts(job.selection),
        overrides=_overrides(job, submission, version),
        numbers=student_item.numbers if student_item is not None else None,
        bytes={name: len(data) for name, data in parts.items()},
        **_common(job, version),
    )
    return request, parts


def _overrides(job: Job, submission: Submission, version: Version) -> Overrides:
    """What the assignment changes. A console call ends sooner: somebody waits for its answer."""
    if submission.mode != Submission.Mode.CONSOLE:
        chosen = submission.item.thresholds if job.thresholds is None else job.thresholds
        return Overrides(thresholds=_thresholds(chosen, version))
    own = version.limits.get("wall_seconds", CONSOLE_SECONDS)
    return Overrides(limits={"wall_seconds": min(float(own), CONSOLE_SECONDS)})


def _thresholds(chosen: dict[str, Any], version: Version) -> dict[str, Any]:
    """Of checks that the version has."""
    known = version.manifest.get("performance", {})
    return {name: pairs for name, pairs in chosen.items() if name in known}


def _common(job: Job, version: Version) -> dict[str, Any]:
    return {
        "job": f"{job.pk}.{job.tries}",
        "version": version.digest,
        "seed": bytes(job.seed).hex(),
        "fair_key": job.fair_key,
        "deadline_seconds": settings.JOB_DEADLINE.total_seconds(),
    }


def _grade(job: Job) -> None:
    """Raises: GraderUnreachable, GraderLost, StaleToken, _Stopping."""
    request, parts = request_for(job)
    said = client.ask(settings.GRADER_SOCKET, request, parts, bundle_of)
    with contextlib.closing(said):  # whatever happens here, the other side stops too
        _listen(job, said)


def _listen(job: Job, said: Generator[Heard]) -> None:
    progress = Progress()
    figures: list[Figure] = []
    extended_at = time.monotonic()
    for heard in said:
        if heard.is_last:
            _finish(job, heard.line, figures)
            return
        if stopping.is_set():
            raise _Stopping
        if isinstance(heard.line, contracts.Artifact):
            line = heard.line
            figures.append(Figure(line.sha256, line.name, line.media, heard.payload))
        progress.hear(heard.line)
        tick = time.monotonic()
        if progress.due(tick):
            held = services.report_progress(job, progress.as_json(), now=timezone.now())
        elif tick - extended_at >= _LEASE_SECONDS:
            held = services.extend_lease(job, now=timezone.now())
        else:
            continue
        extended_at = tick
        if not held:
            raise StaleToken(f"job {job.pk}")


def _finish(job: Job, line: contracts.Reply, figures: list[Figure]) -> None:
    now = timezone.now()
    if isinstance(line, contracts.Prepared) and job.student_item_id is not None:
        services.store_prepared(job, line, now=now)
    elif isinstance(line, contracts.Examples) and job.student_item_id is not None:
        services.store_examples(job, line, now=now)
    elif isinstance(line, contracts.Console) and job.submission_id is not None:
        services.store_said(job, line, now=now)
    elif isinstance(line, contracts.VerdictLine) and job.submission_id is not None:
        data = _verdict(job, line)
        services.store_verdict(job, data, figures=figures, now=now, final=line.final)
    elif isinstance(line, contracts.Refused):
        _refused(job, line, now)
    else:
        raise GraderLost(f"a job of this kind does not end with {line.event}")


def _verdict(job: Job, line: contracts.VerdictLine) -> Verdict:
    try:
        return from_json(line.verdict)
    except ValueError as error:
        raise GraderLost(f"the verdict makes no sense: {error}") from error


def _refused(job: Job, line: contracts.Refused, now: datetime) -> None:
    """The exercise is at fault, or the host cannot do it: another host, or a later time, may."""
    log.error("grader refused", job_id=job.pk, final=line.final)
    why = f"the grader refused: {line.why}"
    if line.final:
        services.give_up(job, why=why, now=now)
    else:  # on a GPU it is the devices that are refused, not the job: no try is used up
        counts = job.lane != Job.Lane.GPU
        services.give_back(job, why=why, now=now, counts=counts)
