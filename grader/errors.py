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
    DIED = "died"
    FRAME = "frame"
    JOB = "job"


def outcome_message(outcome: Outcome, limits: Limits) -> str:
    """Say in one sentence for the student what happened, with the limit."""
    sentences = {
        Outcome.WALL: f"The call took longer than {limits.wall_seconds:g} s.",
        Outcome.CPU: f"Your code used more than {limits.cpu_seconds:g} s of processor time.",
        Outcome.MEMORY: f"Your code needed more than {limits.memory_mib} MiB of memory.",
        Outcome.PROCESSES: f"Your code started more than {limits.processes} processes or threads.",
        Outcome.FILES: f"Your code had more than {limits.files} files open at the same time.",
        Outcome.OUTPUT: f"Your code printed more than {limits.output_kib} KiB.",
        Outcome.DISK: f"Your code wrote more than {limits.disk_mib} MiB to files.",
        Outcome.DIED: "Your code ended the Python process in the middle of a call.",
        Outcome.FRAME: "What came back from your code could not be read as a result.",
        Outcome.JOB: f"All calls together took longer than {limits.job_seconds:g} s.",
    }
    return sentences[outcome]
