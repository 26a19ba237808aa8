"""Errors of the engine, and the named ends of a session that reached a limit.

GraderError
├── ExerciseError   the author's fault: manifest, checks, reference; with file and line
└── HostError       this machine's fault: no sandbox, no memory; the message holds the remedy

A limit that a student reaches is an `Outcome`, never an exception. `FrameError` (malformed bytes)
is at home in `grader.frames`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.exercise.limits import Limits


FILES_ON_DISK = 2000  # a session's folder holds a few more


class GraderError(Exception):
    """Base of all errors that the engine raises on purpose."""


class ExerciseError(GraderError):
    """An exercise that cannot be used as it is.

    The text of the exception is `file:line: message`, as far as file and line are known.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        self.message = message
        self.file = file
        self.line = line
        place = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)


class HostError(GraderError):
    """This machine cannot do what it must; the message says what to change."""


class Outcome(StrEnum):
    """How a session or a call ended before its time."""

    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    PROCESSES = "processes"
    FILES = "files"
    OUTPUT = "output"
    DISK = "disk"
    DEVICE_MEMORY = "device-memory"
    DIED = "died"
    FRAME = "frame"
    JOB = "job"


def outcome_message(outcome: Outcome, limits: Limits) -> str:
    """Say to the student what happened, with the limit, and what to try."""
    sentences = {
        Outcome.WALL: f"Your code was still running after {limits.wall_seconds:g} s, so it was"
        " stopped. Look for a loop that does not end, or one that numpy can do at once.",
        Outcome.CPU: f"Your code used more than {limits.cpu_seconds:g} s of processor time, so it"
        " was stopped. All its threads and processes count together.",
        Outcome.MEMORY: f"Your code asked for more than {limits.memory_mib} MiB of memory. Look for"
        " an array that is larger than the result needs, or a list that grows without end.",
        Outcome.PROCESSES: f"Your code started more than {limits.processes} processes or threads at"
        " the same time. Do the work in the function itself.",
        Outcome.FILES: f"Your code had more than {limits.files} files open at the same time."
        " A `with` block closes its file.",
        Outcome.OUTPUT: f"Your code printed more than {limits.output_kib} KiB, so it was stopped."
        " Take the print out of the loop.",
        Outcome.DISK: f"Your code wrote more than {limits.disk_mib} MiB, or more than"
        f" {FILES_ON_DISK} files, to disk. Keep the values in memory.",
        Outcome.DEVICE_MEMORY: f"Your code asked for more than {limits.device_mib} MiB of the GPU's"
        " memory. Look for a tensor that is larger than the result needs, such as a table of all"
        " pairs.",
        Outcome.DIED: "Your code ended the Python process before it could answer. Look for"
        " os._exit, a signal, or a crash in compiled code.",
        Outcome.FRAME: "What came back from your code could not be read as a result. This happens"
        " when a forked process returns as well, or when code writes to the grader's connection.",
        Outcome.JOB: f"All calls together took longer than {limits.job_seconds:g} s, so the"
        " rest was not run. Look for the slowest one.",
    }
    return sentences[outcome]
