"""The checker's entry: one job line in, events out, one last line. It runs in a sandbox of its own.

It is the only process that runs author code (`checks.py`, `problem.py`), and it parses what comes
from the student's session. It holds the seed of this job and no other secret; sessions come from
the broker, and what it says is validated by the daemon.
"""

from __future__ import annotations

import json
import socket
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from grader import contracts, sheet
from grader.checker.answers import problem_of
from grader.checker.console import console
from grader.checker.grading import Grading
from grader.checker.recording import TOO_LARGE, record
from grader.checker.sessions import OpenSession, Sessions
from grader.checker.suite import as_exercise_error
from grader.contracts import Line, Op, Parts, Request
from grader.errors import GraderError, HostError
from grader.exercise.load import SOLUTION_PART, Exercise, load
from grader.lines import Lines
from grader.sandbox.broker import BrokerClient
from grader.verdict import to_dict

EXERCISE = Path("/exercise")
CONSOLE_PART = "console.py"
REQUEST_SECONDS = 30.0
SPARE_BYTES = 16 << 10  # of the examples' limit: titles of checks that have no room


def run(job: socket.socket, broker: socket.socket) -> None:
    """Serve one job and return."""
    serve(job, BrokerClient(broker).open, EXERCISE)


def serve(job: socket.socket, open_session: OpenSession, folder: Path) -> None:
    """Read the job, do it, write its last line. Raises: LineError, LineClosed, LineTimeout."""
    lines = Lines(job)
    deadline = time.monotonic() + REQUEST_SECONDS
    request = contracts.parse_request(lines.read_line(deadline))
    parts = {name: lines.read_bytes(size, deadline) for name, size in request.bytes.items()}
    try:
        lines.send(_do(request, parts, open_session, folder, lines))
    except Exception as error:  # noqa: BLE001 -- the outermost edge: told to the daemon with its trace
        lines.send(_as_error(error, folder))


def _do(
    request: Request,
    parts: Mapping[str, bytes],
    open_session: OpenSession,
    folder: Path,
    lines: Lines,
) -> Line:
    exercise = load(folder, request.version)  # the daemon has compared its digest
    if request.op is Op.PREPARE:
        return _prepared(exercise, request)
    if request.op is Op.ANSWERS:
        key = sheet.answer_key(exercise, problem_of(exercise), request.numbers or {})
        return contracts.Answers(**asdict(key))
    limits = exercise.manifest.limits.replaced(request.overrides.limits)
    device = "cuda" if request.parts is Parts.SPEED else None
    sessions = Sessions(exercise, limits, open_session, seed=request.seed, device=device)
    if request.op is Op.CONSOLE:
        return console(sessions, parts.get(SOLUTION_PART, b""), parts.get(CONSOLE_PART, b""))
    if request.op is Op.EXAMPLES:
        return _examples(exercise, request, sessions)
    if request.op is Op.RUN:
        request = request.model_copy(update={"parts": Parts.VISIBLE})
    verdict = Grading(exercise, request, parts, sessions, lines.send).run()
    return contracts.VerdictLine(verdict=to_dict(verdict))


def _prepared(exercise: Exercise, request: Request) -> contracts.Prepared:
    seed = bytes.fromhex((request.student_seed or "0").rjust(64, "0"))
    made = sheet.prepare(exercise, problem_of(exercise), seed, request.numbers)
    return contracts.Prepared(
        numbers=made.numbers, starter=made.starter, form=made.form, figure=made.figure
    )


def _examples(exercise: Exercise, request: Request, sessions: Sessions) -> contracts.Examples:
    """What fits, in the order of the file; a check that does not is there without its steps."""
    checks, size = [], 0
    if exercise.has_checks:
        checks = record(exercise, sessions, request.seed, request.numbers)
    for check in checks:
        size += len(json.dumps(check))
        if size > contracts.EXAMPLES_BYTES - SPARE_BYTES:
            check |= {"steps": [], "left_out": TOO_LARGE}
    return contracts.Examples(checks=checks)


def _as_error(error: Exception, folder: Path) -> contracts.CheckerError:
    found = error if isinstance(error, GraderError) else as_exercise_error(error, folder)
    trace = "".join(traceback.format_exception(error))
    ours = isinstance(error, HostError | OSError | MemoryError)  # another try may end better
    return contracts.CheckerError(message=str(found)[:2000], trace=trace[-8000:], final=not ours)
