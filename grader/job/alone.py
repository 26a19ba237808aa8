"""Jobs without a daemon: for the command line, `verify` and `replay`."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.contracts import LAST, Line, Op, Request
from grader.exercise.bundle import pack, unpack
from grader.exercise.digest import version_of
from grader.job.backend import HostBackend
from grader.job.cancel import Cancel
from grader.job.grade import Job, grade
from grader.job.scoped import Timing


class LastCore:
    """Timing for one job alone: on the last core that it may use; nobody else waits."""

    @contextlib.contextmanager
    def timing(self, cancelled: Callable[[], bool]) -> Iterator[int | None]:
        yield max(os.sched_getaffinity(0))

    def wake(self) -> None:
        """Nobody waits."""


@dataclass(frozen=True)
class Adopted:
    """A version in a cache folder, where sandboxes see it and nobody changes it."""

    folder: Path
    version: str


def adopt(folder: Path, cache: Path) -> Adopted:
    """Copy an exercise folder into a cache under its digest. Raises: ExerciseError."""
    version = version_of(folder)
    place = cache / version.removeprefix("sha256:")
    if not place.is_dir():
        unpack(pack(folder), place, version)
    return Adopted(place, version)


def do(
    backend: HostBackend,
    exercise: Adopted,
    op: Op,
    submission: Mapping[str, bytes],
    *,
    timing: Timing | None = None,
    cancel: Cancel | None = None,
    watch: Callable[[Line, bytes], None] | None = None,
    **fields: Any,
) -> Line:
    """Do one job and return its last line; `watch` sees every line before it.

    `fields` are those of the request, such as `seed`. Raises: Interrupted, when cancelled.
    """
    request = Request(
        op=op,
        job=secrets.token_hex(8),
        version=exercise.version,
        bytes={name: len(data) for name, data in submission.items()},
        **fields,
    )
    last: list[Line] = []

    def emit(line: Line, payload: bytes) -> None:
        if isinstance(line, LAST):
            last.append(line)
        elif watch is not None:
            watch(line, payload)

    grade(backend, Job(request, exercise.folder, submission), emit, timing or LastCore(), cancel)
    return last[0]
