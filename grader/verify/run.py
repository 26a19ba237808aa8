"""Verifies many exercises on all slots of this host, or one version for the daemon."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.contracts import Gate, Line, Op, Verified
from grader.errors import ExerciseError
from grader.exercise import bank
from grader.exercise.load import load
from grader.job.alone import Adopted, adopt, do
from grader.job.backend import HostBackend
from grader.job.cancel import Cancel, Interrupted
from grader.job.grade import Job
from grader.job.scoped import Timing
from grader.verify.exercise import Verification, readable
from grader.verify.trials import Ask

Tell = Callable[[Gate], None]
Turn = Callable[[], contextlib.AbstractContextManager[None]]
SIDE_BY_SIDE = 2  # exercises under way at once, so that the end of one does not leave slots idle


@dataclass(frozen=True)
class Options:
    """What a verification covers."""

    seeds: int = 5
    timing: bool = True
    write: bool = False  # refresh derived.json


@dataclass(frozen=True)
class Workshop:
    """Where verification runs."""

    backend: HostBackend
    cache: Path  # what sandboxes see of exercises
    timing: Timing
    slots: int
    cancel: Cancel = field(default_factory=Cancel)
    turn: Turn = contextlib.nullcontext  # held for each job: others may come between two

    def ask(self, exercise: Adopted) -> Ask:
        """Return the function that does one job of an exercise."""

        def ask(op: Op, submission: Mapping[str, bytes], **fields: Any) -> Line:
            with self.turn():
                return do(
                    self.backend,
                    exercise,
                    op,
                    submission,
                    timing=self.timing,
                    cancel=self.cancel,
                    **fields,
                )

        return ask


class _Counts:
    """Passes gates on, one at a time, and counts them."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._gates = 0
        self._red = 0

    def add(self, gate: Gate) -> None:
        with self._lock:
            self._gates += 1
            self._red += not gate.passed
            self._tell(gate)

    def verified(self) -> Verified:
        return Verified(gates=self._gates, red=self._red)


def verify_folders(
    workshop: Workshop, folders: Iterable[Path], options: Options, tell: Tell
) -> Verified:
    """Verify exercises of a bank; `tell` hears each gate as it is decided, one at a time.

    Raises: HostError, when the sandbox fails; whatever `tell` raises.
    """
    counts = _Counts(tell)
    tasks = ThreadPoolExecutor(workshop.slots)
    drivers = ThreadPoolExecutor(SIDE_BY_SIDE)
    try:
        driven = [
            drivers.submit(_verify_folder, workshop, folder, options, counts, tasks)
            for folder in folders
        ]
        for one in as_completed(driven):
            one.result()
    except BaseException:
        workshop.cancel.throw()
        raise
    finally:
        drivers.shutdown(cancel_futures=True)
        tasks.shutdown(cancel_futures=True)
    return counts.verified()


def verify_version(workshop: Workshop, job: Job, emit: Callable[[Line, bytes], None]) -> None:
    """Verify one version for a daemon's client. Raises: Interrupted, ExerciseError."""
    request = job.request
    counts = _Counts(lambda gate: emit(gate, b""))
    ask = workshop.ask(Adopted(job.folder, request.version))
    options = Options(request.seeds, request.timing)
    verification = Verification(load(job.folder), ask, options.seeds, options.timing)
    for gate in _gates(verification, request.measure):
        counts.add(gate)
    measured = verification.measured() if request.measure else None
    emit(counts.verified().model_copy(update={"measured": measured}), b"")


def _gates(verification: Verification, measure: bool) -> Iterator[Gate]:
    yield from verification.static()
    yield from verification.draw()
    for task in verification.tasks():
        yield from task()
    yield from verification.points() if measure else verification.finish(None)


def _verify_folder(
    workshop: Workshop, folder: Path, options: Options, counts: _Counts, pool: ThreadPoolExecutor
) -> None:
    exercise = readable(folder)
    if isinstance(exercise, Gate):
        counts.add(exercise)
        return
    ask = workshop.ask(adopt(folder, workshop.cache))
    verification = Verification(exercise, ask, options.seeds, options.timing, _concepts(folder))
    for gate in (*verification.static(), *verification.draw()):
        counts.add(gate)

    def work(task: Callable[[], Iterable[Gate]]) -> None:
        for gate in task():
            if workshop.cancel():
                raise Interrupted
            counts.add(gate)

    for one in as_completed([pool.submit(work, task) for task in verification.tasks()]):
        one.result()
    for gate in verification.finish(folder if options.write else None):
        counts.add(gate)


def _concepts(folder: Path) -> set[str] | None:
    """Return the keys of the bank's concepts.toml; None where the folder lies in no bank."""
    try:
        return set(bank.concepts(folder.resolve().parent.parent))
    except ExerciseError:
        return None
