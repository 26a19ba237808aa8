"""What a job is given: its exercise, where its code runs, what its checker may use."""

from __future__ import annotations

import functools
from pathlib import Path

from grader.contracts import Parts
from grader.errors import ExerciseError
from grader.exercise.limits import BOUNDS, Limits
from grader.exercise.load import Exercise, load
from grader.sandbox.device import CHECKERS_OWN, CUDA

GRACE_SECONDS = 3.0  # the checker ends a job by itself; this much later it is ended
CHECKER_MEMORY_MIB = 1024  # above the bare checker: inputs, expected and received results
GPU_CHECKER_MEMORY_MIB = 4096  # of jobs on a GPU, whose inputs have some 100 MiB each


@functools.lru_cache(maxsize=256)
def loaded(folder: Path, version: str) -> Exercise:
    """Load a version once: its folder never changes. Raises: ExerciseError."""
    exercise = load(folder)
    if exercise.version != version:
        raise ExerciseError(f"The folder holds {exercise.version}, not {version}.", str(folder))
    return exercise


def session_flavour(flavour: str, parts: Parts) -> str:
    """Return where the code runs: GPU exercises are checked for correctness in flavour torch."""
    return "torch" if flavour == CUDA and parts is not Parts.SPEED else flavour


def checker_limits(limits: Limits, flavour: str) -> Limits:
    """Return what the checker itself may use for a job with these limits."""
    seconds = min(limits.job_seconds + GRACE_SECONDS, BOUNDS["job_seconds"][1])
    inside_mib = limits.memory_mib if flavour == CHECKERS_OWN else 0  # for the reference
    own_mib = GPU_CHECKER_MEMORY_MIB if flavour == CUDA else CHECKER_MEMORY_MIB
    return Limits(
        wall_seconds=min(seconds, 600.0),
        job_seconds=seconds,
        cpu_seconds=seconds,
        memory_mib=min(own_mib + inside_mib, int(BOUNDS["memory_mib"][1])),
        processes=4,
        files=256,
    )
