"""One job from request to its last line: opens a checker, feeds it, listens, and ends it.

The checker is believed line by line: each is validated, artifacts are hashed again, and what its
end means is decided here. Once a check has started, that check fails with a named outcome, those
after it are skipped and the attempt counts. Before that, or where the author's code raised, it is
our fault: a verdict with status `error`.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from grader import contracts
from grader.contracts import Line, LineError, Op, Request
from grader.errors import ExerciseError, HostError, Outcome, outcome_message
from grader.exercise.limits import Limits
from grader.exercise.load import Exercise
from grader.gpu.lane import Devices, Lease
from grader.job.backend import HostBackend
from grader.job.cancel import Cancel, Interrupted
from grader.job.environment import environment
from grader.job.means import GRACE_SECONDS, checker_limits, loaded, session_flavour
from grader.job.printed import Printed
from grader.job.scoped import Scoped, Timing
from grader.job.tally import Tally
from grader.lines import LineClosed, Lines, LineTimeout
from grader.sandbox.broker import Allowance, serve
from grader.sandbox.session import Backend, CheckerProcess, Ending
from grader.verdict import Usage, Verdict, from_json, to_dict

log = logging.getLogger(__name__)
Emit = Callable[[Line, bytes], None]
MAX_ARTIFACTS = 64
LAST_OF = {
    Op.GRADE: contracts.VerdictLine,
    Op.RUN: contracts.VerdictLine,
    Op.PREPARE: contracts.Prepared,
    Op.CONSOLE: contracts.Console,
    Op.EXAMPLES: contracts.Examples,
    Op.ANSWERS: contracts.Answers,
}


@dataclass(frozen=True)
class Job:
    """A request with what it needs: the folder of its version and the submission's parts."""

    request: Request
    folder: Path
    parts: Mapping[str, bytes] = field(default_factory=dict)


class _Ended(Exception):
    """The checker will say no more: it closed, overran its time or broke the protocol."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        self.outcome = outcome
        super().__init__(detail)


def grade(
    backend: HostBackend,
    job: Job,
    emit: Emit,
    timing: Timing,
    cancel: Cancel | None = None,
    devices: Devices | None = None,
) -> None:
    """Do one job; `emit` gets each line with its payload, the last one being one of `LAST`.

    Raises: Interrupted, when cancelled, or from `emit`, when nobody listens any more.
    """
    try:
        exercise = loaded(job.folder, job.request.version)
        limits = exercise.manifest.limits.replaced(job.request.overrides.limits)
        exercise.manifest.with_thresholds(job.request.overrides.thresholds)
    except (ExerciseError, ValueError) as error:
        emit(contracts.Refused(why=str(error)[:4096]), b"")
        return
    scoped = Scoped(backend, timing, devices)
    grading = _Grading(backend, job, exercise, limits, emit, cancel or Cancel(), scoped)
    emit(grading.run(), b"")


class _Grading:
    """The state of one job while it runs."""

    def __init__(
        self,
        backend: HostBackend,
        job: Job,
        exercise: Exercise,
        limits: Limits,
        emit: Emit,
        cancel: Cancel,
        scoped: Scoped,
    ) -> None:
        self._backend = backend
        self._job = job
        self._limits = limits
        self._emit = emit
        self._cancel = cancel
        self._flavour = session_flavour(exercise.manifest.flavour, job.request.parts)
        self._scoped = scoped
        self._tally = Tally(exercise.manifest.id, job.request.version, exercise.manifest.points)
        self._artifacts: dict[str, int] = {}
        self._began = time.monotonic()

    def run(self) -> Line:
        """Return the last line. Raises: Interrupted."""
        try:
            limits = checker_limits(self._limits, self._flavour)
            checker = self._backend.open_checker(self._job.folder, limits)
        except HostError as error:
            return self._failed(str(error))
        printed = Printed(checker.output)
        broker_socket = checker.broker.dup()  # its thread may outlive the checker's own
        broker = threading.Thread(target=self._serve_broker, args=(broker_socket,), daemon=True)
        broker.start()
        ended: _Ended | None = None
        last: Line | None = None
        try:
            last = self._talk(checker)
        except _Ended as error:
            ended = error
        finally:
            self._scoped.stop()
            broker_socket.shutdown(socket.SHUT_RDWR)
            ending = checker.close()
            broker.join()
            broker_socket.close()
            self._scoped.release()
        if self._cancel():
            raise Interrupted
        if last is None:
            last = self._ended(cast(_Ended, ended), ending, printed.text())
        lease = self._scoped.lease
        if lease is not None and lease.fault is not None and lease.fault.lasting:
            return self._failed(f"The GPU {lease.uuid} failed: {lease.fault.reason}")
        return self._complete(last, ending)

    def _serve_broker(self, broker: socket.socket) -> None:
        allowance = Allowance(flavours=(self._flavour,), ceiling=self._limits)
        serve(broker, cast(Backend, self._scoped), allowance)

    def _talk(self, checker: CheckerProcess) -> Line:
        """Send the job and forward what the checker says until its last line. Raises: _Ended."""
        lines = Lines(checker.job)
        request = self._job.request
        payload = b"".join(self._job.parts[name] for name in request.bytes)
        with self._cancel.calling(lines.shutdown):
            try:
                lines.send(request, payload)
                while True:
                    last = self._heard(lines)
                    if last is not None:
                        return last
            except LineClosed:
                raise _Ended(Outcome.DIED, "the checker ended") from None
            except LineTimeout:
                raise _Ended(Outcome.JOB, "the checker overran its time") from None
            except LineError as error:
                raise _Ended(Outcome.DIED, f"the checker sent no valid line: {error}") from None

    def _heard(self, lines: Lines) -> Line | None:
        """Read one line, note and forward it; return it where it is the last."""
        line = contracts.parse_checker(self._next(lines))
        payload = lines.read_bytes(line.payload, self._end())
        match line:
            case contracts.Started():
                self._tally.started(line)
            case contracts.Check():
                self._tally.check(line)
            case contracts.Artifact():
                self._note_artifact(line, payload)
            case contracts.CheckerError():
                log.error("author code failed", extra={"job": self._job.request.job})
                return self._failed(f"{line.message}\n{line.trace}".strip(), final=line.final)
            case _:
                if not isinstance(line, LAST_OF[self._job.request.op]):
                    raise LineError(f"{line.event} does not end {self._job.request.op}")
                return line
        self._emit(line, payload)
        return None

    def _next(self, lines: Lines) -> bytes:
        """Read a line; time spent waiting for the timing slot does not count."""
        while True:
            end = self._end()
            try:
                return lines.read_line(end)
            except LineTimeout:
                if self._end() <= end:
                    raise

    def _end(self) -> float:
        job_seconds = self._limits.job_seconds + GRACE_SECONDS + self._scoped.waited()
        return self._began + min(job_seconds, self._job.request.deadline_seconds)

    def _note_artifact(self, line: contracts.Artifact, payload: bytes) -> None:
        if hashlib.sha256(payload).hexdigest() != line.sha256:
            raise LineError("an artifact has another hash than its line")
        self._artifacts[line.sha256] = len(payload)
        total = sum(self._artifacts.values())
        if len(self._artifacts) > MAX_ARTIFACTS or total > contracts.ARTIFACTS_BYTES:
            raise LineError("too many artifacts")

    def _ended(self, ended: _Ended, ending: Ending, printed: str) -> Line:
        """Return the last line of a job whose checker ended without one."""
        outcome = ending.outcome or ended.outcome
        log.error(
            "checker ended early",
            extra={
                "job": self._job.request.job,
                "reason": str(ended),
                "outcome": str(outcome),
                "signal": ending.signal,
                "exit_code": ending.exit_code,
                "printed": printed[-2000:],
            },
        )
        if not self._tally.began or self._job.request.op not in (Op.GRADE, Op.RUN):
            return self._failed(f"{ended} (outcome {outcome}).\n{printed[-1500:]}".strip())
        if outcome is Outcome.JOB:
            message, limit = outcome_message(outcome, self._limits), self._limits.job_seconds
        else:
            message, limit = OVERWHELMED, None
        return _verdict_line(self._tally.died(outcome, message, limit))

    def _failed(self, message: str, *, final: bool = False) -> Line:
        """Return the last line of a job that failed by our own fault."""
        if self._job.request.op in (Op.GRADE, Op.RUN):
            return _verdict_line(self._tally.error(message[:2048]), final=final)
        return contracts.Refused(why=message[:4096], final=final)

    def _complete(self, last: Line, ending: Ending) -> Line:
        """Add usage and environment to a verdict; refuse what is too large or inconsistent."""
        if isinstance(last, contracts.Prepared):
            size = len(last.model_dump_json().encode())
            if size > contracts.PREPARED_BYTES:
                return self._failed(f"What the page needs has {size} bytes; 64 KiB are allowed.")
        if isinstance(last, contracts.Examples):
            size = len(last.model_dump_json().encode())
            if size > contracts.EXAMPLES_BYTES:
                return self._failed(f"The examples have {size} bytes; 256 KiB are allowed.")
        if not isinstance(last, contracts.VerdictLine):
            return last
        try:
            verdict = from_json(last.verdict)
        except ValueError as error:
            return self._failed(f"The checker's verdict is inconsistent: {error}")
        return _verdict_line(self._completed(verdict, ending), final=last.final)

    def _completed(self, verdict: Verdict, ending: Ending) -> Verdict:
        usage = Usage(
            seconds=round(time.monotonic() - self._began, 4),
            cpu_seconds=round(verdict.usage.cpu_seconds or ending.cpu_seconds, 4),
            peak_bytes=verdict.usage.peak_bytes or ending.peak_bytes,
        )
        checks = tuple(
            replace(check, figures=tuple(f for f in check.figures if f in self._artifacts))
            for check in verdict.checks
        )
        return replace(
            verdict,
            version=self._job.request.version,
            checks=checks,
            usage=usage,
            environment=environment(
                self._backend,
                self._flavour,
                ran_code=self._scoped.opened,
                device=_described(self._scoped.lease),
            ),
        )


OVERWHELMED = (
    "Grading ended while this check ran, because what your code sent could not be handled."
)


def _described(lease: Lease | None) -> str:
    return "" if lease is None else f"{lease.name}, driver {lease.driver}, {lease.uuid}"


def _verdict_line(verdict: Verdict, *, final: bool = False) -> contracts.VerdictLine:
    return contracts.VerdictLine(verdict=to_dict(verdict), final=final)
