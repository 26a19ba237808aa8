"""Take one claimed job of an author through the grader: request, lease, gates, result."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from grader import contracts
from grader.contracts import Gate, Op, Request
from gradus.authoring.models import AuthorJob
from gradus.authoring.services import jobs
from gradus.catalog.services import bundle_of
from gradus.submissions import client, grading
from gradus.submissions.client import Heard
from gradus.submissions.errors import GraderLost, GraderUnreachable, StaleToken

log = structlog.get_logger(__name__)

VERIFY_SECONDS = 3600.0
PREPARE_SECONDS = 60.0
WRITE_SECONDS = 0.5  # news of gates at most so often
WRITE_SECONDS_OF_A_GATE = 0.002  # and less often the more there are: all are written each time
LEASE_SECONDS = 2.0


class _Stopping(Exception):
    """This worker was told to end; another one does the job."""


def carry_out(job: AuthorJob) -> bool:
    """Bring a job, claimed by this process, to its end. False where there is no grader."""
    try:
        try:
            said = client.ask(settings.GRADER_SOCKET, request_for(job), {}, bundle_of)
            with contextlib.closing(said):  # a job that is stopped ends on the other side too
                _listen(job, said)
        except GraderUnreachable as error:
            jobs.give_back(job, why=f"no grader: {error}", now=timezone.now(), counts=False)
            return False
        except _Stopping:
            jobs.give_back(job, why="the worker stopped", now=timezone.now(), counts=False)
            return False
        except GraderLost as error:
            jobs.give_back(job, why=f"the grader went away: {error}", now=timezone.now())
        except StaleToken:
            raise
        except Exception as error:
            why = f"the worker failed: {type(error).__name__}"
            jobs.give_back(job, why=why, now=timezone.now())
            raise
    except StaleToken:
        log.info("author job stopped, or taken by another worker", job_id=job.pk)
    return True


def request_for(job: AuthorJob) -> Request:
    common: dict[str, Any] = {
        "job": f"author.{job.pk}.{job.tries}",
        "version": job.digest,
        "fair_key": f"author-{job.created_by_id}",
    }
    if job.op == AuthorJob.Op.VERIFY:
        return Request(
            op=Op.VERIFY, seeds=job.seeds, measure=True, deadline_seconds=VERIFY_SECONDS, **common
        )
    return Request(
        op=Op.PREPARE, numbers=job.numbers, student_seed=job.student_seed or None,
        deadline_seconds=PREPARE_SECONDS, **common,
    )  # fmt: skip


def _listen(job: AuthorJob, said: Generator[Heard]) -> None:
    """Raises: GraderUnreachable, GraderLost, StaleToken, _Stopping."""
    gates: list[Gate] = []
    told, written_at, held_at = 0, 0.0, 0.0
    for heard in said:
        if heard.is_last:
            _finish(job, heard.line, gates)
            return
        if grading.stopping.is_set():
            raise _Stopping
        if isinstance(heard.line, Gate):
            gates.append(heard.line)
        tick = time.monotonic()
        pause = WRITE_SECONDS + WRITE_SECONDS_OF_A_GATE * len(gates)
        if len(gates) > told and tick - written_at >= pause:
            held = jobs.report(job, gates, now=timezone.now())
            told, written_at = len(gates), tick
        elif tick - held_at >= LEASE_SECONDS:
            held = jobs.extend_lease(job, now=timezone.now())
        else:
            continue
        held_at = tick
        if not held:
            raise StaleToken(f"author job {job.pk}")


def _finish(job: AuthorJob, line: contracts.Reply, gates: list[Gate]) -> None:
    now = timezone.now()
    if isinstance(line, contracts.Verified) and job.op == AuthorJob.Op.VERIFY:
        if line.measured is None or (line.gates, line.red) != (
            len(gates), sum(not gate.passed for gate in gates),
        ):  # fmt: skip
            raise GraderLost("its gates do not add up")
        jobs.store_verified(job, gates, line.measured, now=now)
    elif isinstance(line, contracts.Prepared) and job.op == AuthorJob.Op.PREPARE:
        jobs.store_prepared(job, line, now=now)
    elif isinstance(line, contracts.Refused) and line.final:
        jobs.refuse(job, line.why, now=now)
    elif isinstance(line, contracts.Refused):
        jobs.give_back(job, why=f"the grader refused: {line.why}", now=now)
    else:
        raise GraderLost(f"a job of this kind does not end with {line.event}")
