"""Name the limit behind what was seen: an ending, or an exception that crossed the frames."""

from __future__ import annotations

from collections.abc import Sequence

from grader.errors import Outcome
from grader.exercise.limits import Limits
from grader.sandbox.session import Ending

# What libraries say when the kernel refuses them something, in lower case.
_SENTENCES = (
    ("can't start new thread", Outcome.PROCESSES),
    ("thread creation failed", Outcome.PROCESSES),
    ("resource temporarily unavailable", Outcome.PROCESSES),
    ("cuda out of memory", Outcome.DEVICE_MEMORY),
    ("can't allocate memory", Outcome.MEMORY),
    ("cannot allocate memory", Outcome.MEMORY),
    ("bad_alloc", Outcome.MEMORY),
    ("too many open files", Outcome.FILES),
    ("no space left on device", Outcome.DISK),
    ("file too large", Outcome.DISK),
)


def classify(
    ending: Ending | None,
    limits: Limits,
    exception_classes: Sequence[str] = (),
    message: str = "",
) -> Outcome | None:
    """Return the named outcome behind an ending or an exception, or None for a plain exception.

    `ending` is None while the process lives. `exception_classes` are the names of the exception's
    classes, base classes included, `message` its text.
    """
    if ending is not None and ending.outcome is not None:
        return ending.outcome
    if ending is not None and ending.cpu_seconds >= limits.cpu_seconds:
        return Outcome.CPU
    if "MemoryError" in exception_classes:
        return Outcome.MEMORY
    if "BlockingIOError" in exception_classes:
        return Outcome.PROCESSES
    if {"OSError", "RuntimeError"} & set(exception_classes):
        for sentence, outcome in _SENTENCES:
            if sentence in message.lower():
                return outcome
    return Outcome.DIED if ending is not None else None
