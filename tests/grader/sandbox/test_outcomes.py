"""Which limit stands behind what was seen."""

from __future__ import annotations

import pytest

from grader.errors import Outcome, outcome_message
from grader.exercise.limits import BOUNDS, Limits
from grader.sandbox.outcomes import classify
from grader.sandbox.session import Ending

LIVING = None
EXITED = Ending(0, None, 0.1, 1)
ERROR = ("OSError", "Exception", "BaseException", "object")


@pytest.mark.parametrize(
    ("ending", "classes", "message", "expected"),
    [
        (LIVING, ("ValueError", "Exception"), "too many open files", None),
        (LIVING, (), "", None),
        (LIVING, ("_ArrayMemoryError", "MemoryError"), "", Outcome.MEMORY),
        (
            LIVING,
            ("RuntimeError",),
            "[enforce fail] DefaultCPUAllocator: can't allocate memory",
            Outcome.MEMORY,
        ),
        (
            LIVING,
            ("OutOfMemoryError", "RuntimeError"),
            "CUDA out of memory. Tried to allocate 90.00 GiB.",
            Outcome.DEVICE_MEMORY,
        ),
        (LIVING, ("ValueError",), "CUDA out of memory", None),
        (LIVING, ("BlockingIOError", *ERROR), "", Outcome.PROCESSES),
        (LIVING, ("RuntimeError",), "can't start new thread", Outcome.PROCESSES),
        (LIVING, ERROR, "[Errno 24] Too many open files: '/w/x'", Outcome.FILES),
        (LIVING, ERROR, "[Errno 28] No space left on device", Outcome.DISK),
        (LIVING, ERROR, "[Errno 27] File too large", Outcome.DISK),
        (LIVING, ("FileNotFoundError", *ERROR), "[Errno 2] No such file", None),
        (EXITED, (), "", Outcome.DIED),
        (Ending(None, 9, 31.0, 1), (), "", Outcome.CPU),
        (Ending(None, 9, 0.1, 1, Outcome.MEMORY), ("MemoryError",), "", Outcome.MEMORY),
    ],
)
def test_the_limit_is_named(
    ending: Ending | None, classes: tuple[str, ...], message: str, expected: Outcome | None
) -> None:
    assert classify(ending, Limits(), classes, message) is expected


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_says_what_happened_and_what_to_try(outcome: Outcome) -> None:
    message = outcome_message(outcome, Limits())
    assert message.endswith(".")
    assert message.count(". ") == 1
    assert len(message) < 250


def test_a_sentence_holds_the_limit() -> None:
    assert "1.5 s" in outcome_message(Outcome.WALL, Limits(wall_seconds=1.5))
    assert "7 MiB" in outcome_message(Outcome.DISK, Limits(disk_mib=7))


@pytest.mark.parametrize("name", list(BOUNDS))
@pytest.mark.parametrize("value", [0, -1, 1e30, float("nan"), "1", True, None])
def test_limits_out_of_bounds_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Limits.from_json({name: value})


def test_unknown_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown limit 'memory'"):
        Limits.from_json({"memory": 1})


def test_limits_survive_json() -> None:
    limits = Limits(wall_seconds=2, memory_mib=64)
    assert Limits.from_json(limits.to_json()) == limits
