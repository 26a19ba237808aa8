"""One connection of a worker: one job.

The job runs in one thread. A second one says `alive` every 2 s and notices at once when the other
side leaves; then the job is cancelled and all its processes are killed.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
import time
from collections.abc import Callable

from grader import contracts
from grader.contracts import ALIVE_SECONDS, Line, LineError, Op, Parts, Request
from grader.daemon.host import Host
from grader.daemon.queue import Slots
from grader.errors import ExerciseError, HostError
from grader.exercise.load import SOLUTION_PART
from grader.job.cancel import Cancel, Interrupted
from grader.job.grade import Job, grade
from grader.lines import LineClosed, Lines, LineTimeout
from grader.verify.run import Workshop, verify_version

log = logging.getLogger(__name__)
REQUEST_SECONDS = 10.0  # for the whole request, its parts included
BUNDLE_SECONDS = 60.0


class Connection:
    """One client, from hello to its job's last line."""

    def __init__(
        self, host: Host, sock: socket.socket, ended: Callable[[Connection], None]
    ) -> None:
        self._host = host
        self._lines = Lines(sock)
        self._ended = ended
        self._cancel = Cancel()
        self._done = threading.Event()
        self._seconds = self._deadline = float("inf")  # for the whole job; until, monotonic
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        """End the job and the connection without a last line: the try is given back."""
        self._cancel.throw()
        self._host.wake()
        self._lines.shutdown()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        watcher: threading.Thread | None = None
        try:
            self._lines.send(self._host.hello())
            job = self._receive()
            self._seconds = job[0].deadline_seconds
            self._deadline = time.monotonic() + self._seconds
            watcher = threading.Thread(target=self._watch, name="watch", daemon=True)
            watcher.start()
            self._serve(*job)
        except (LineClosed, LineTimeout, Interrupted):
            log.info("client left or was too slow")
        except (LineError, ExerciseError, HostError) as error:
            self._refuse(str(error))
        except Exception:  # the outermost edge of a job
            log.exception("job failed")
            self._refuse("The grader failed at this job; its log says why.")
        finally:
            self._done.set()
            self._lines.shutdown()
            if watcher is not None:
                watcher.join()
            self._lines.close()
            self._ended(self)

    def _receive(self) -> tuple[Request, dict[str, bytes]]:
        """Read the request and its parts. Raises: LineError, LineClosed, LineTimeout."""
        deadline = time.monotonic() + REQUEST_SECONDS
        request = contracts.parse_request(self._lines.read_line(deadline))
        if request.op is Op.ANSWERS:
            raise LineError("op: the daemon gives no answers away")
        parts = {
            name: self._lines.read_bytes(length, deadline) for name, length in request.bytes.items()
        }
        return request, parts

    def _serve(self, request: Request, parts: dict[str, bytes]) -> None:
        """Wait for a slot and do the job. Raises: Interrupted, LineError, ExerciseError."""
        try:
            with (
                self._first_turn(request),
                self._host.bundles.use(request.version, lambda: self._fetch(request)) as folder,
            ):
                left = max(0.1, self._deadline - time.monotonic())
                request = request.model_copy(update={"deadline_seconds": left})
                began = time.monotonic()
                self._do(Job(request, folder, parts))
        except Interrupted:
            if self._cancel() or time.monotonic() < self._deadline:
                raise
            is_long = request.op is Op.VERIFY
            late = "Not all gates were decided" if is_long else "No slot became free"
            self._refuse(f"{late} within {self._seconds:g} s.")
            return
        log.info(
            "job done",
            extra={"job": request.job, "op": request.op, "seconds": time.monotonic() - began},
        )

    def _first_turn(self, request: Request) -> contextlib.AbstractContextManager[None]:
        """Wait for a slot, and hold it. Raises: Interrupted, HostError."""
        if request.op is Op.VERIFY:  # for each of its many jobs, so that students come between
            return contextlib.nullcontext()
        return self._turn(self._slots(request), request.fair_key)

    def _turn(self, slots: Slots, fair_key: str) -> contextlib.AbstractContextManager[None]:
        def tell(position: int) -> None:
            self._emit(contracts.Queued(position=position))

        return slots.take(fair_key, tell, self._given_up)

    def _slots(self, request: Request) -> Slots:
        """Return the queue in which a job waits. Raises: HostError, where it would wait in vain."""
        if request.parts is Parts.SPEED:
            why = self._host.no_gpu()
            if why:
                raise HostError(f"This host does no GPU job now: {why}.")
            return self._host.gpu
        # Answers by hand and quizzes run no student's code: they do not wait behind long gradings.
        runs_code = request.op is not Op.GRADE or SOLUTION_PART in request.bytes
        is_light = request.op is Op.PREPARE or not runs_code
        return self._host.light if is_light else self._host.slots

    def _do(self, job: Job) -> None:
        if job.request.op is Op.VERIFY:
            host, key = self._host, job.request.fair_key

            def turn() -> contextlib.AbstractContextManager[None]:
                return self._turn(host.slots, key)

            workshop = Workshop(host.backend, host.bundles.root, host.slots, 1, self._cancel, turn)
            verify_version(workshop, job, self._emit)
        else:
            host = self._host
            grade(host.backend, job, self._emit, host.slots, self._cancel, host.devices)

    def _fetch(self, request: Request) -> bytes:
        """Ask the worker for a version. Raises: HostError where it has none; LineError."""
        self._emit(contracts.Need(version=request.version))
        deadline = time.monotonic() + BUNDLE_SECONDS
        line = contracts.parse_bundle(self._lines.read_line(deadline))
        if line.version != request.version:
            raise LineError(f"version: the bundle is of {line.version}, not {request.version}")
        if not line.bytes:
            raise HostError(f"Nobody has the version {request.version}.")
        return self._lines.read_bytes(line.bytes, deadline)

    def _emit(self, line: Line, payload: bytes = b"") -> None:
        """Send a line. Raises: Interrupted, when the client is gone or does not read."""
        try:
            self._lines.send(line, payload)
        except (LineClosed, LineTimeout) as error:
            self._cancel.throw()
            raise Interrupted from error

    def _refuse(self, why: str) -> None:
        try:
            self._lines.send(contracts.Refused(why=why[:4096]))
        except (LineClosed, LineTimeout):
            log.info("client left before it was refused")

    def _given_up(self) -> bool:
        return self._cancel() or time.monotonic() >= self._deadline

    def _watch(self) -> None:
        """Say `alive` until the job is done; cancel it when the client leaves."""
        poll = select.poll()
        poll.register(self._lines.sock, select.POLLRDHUP)
        while not self._done.is_set():
            left = poll.poll(ALIVE_SECONDS * 1000)
            if self._done.is_set():
                return
            try:
                if left:
                    raise LineClosed
                self._lines.send(contracts.Alive())
            except (LineClosed, LineTimeout):
                self._cancel.throw()
                self._host.wake()
                return
            if time.monotonic() >= self._deadline:
                self._host.wake()
