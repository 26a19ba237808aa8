"""Row 90: run the host out of memory. Success: the kernel ends the worker and not the student."""

from __future__ import annotations

import os
from pathlib import Path

from grader.exercise.limits import Limits
from grader.job.backend import HostBackend
from tests.attacks.conftest import eventually


def test_the_kernel_ends_a_students_process_first(backend: HostBackend) -> None:
    backend.warm("numpy")
    before = first_to_die()
    with backend.open("numpy", Limits()):
        assert eventually(lambda: bool(first_to_die() - before))
    assert score(os.getpid()) < 1000


def first_to_die() -> set[int]:
    """Return the processes of this host that the kernel would end before all others."""
    return {
        int(name) for name in os.listdir("/proc") if name.isdigit() and score(int(name)) == 1000
    }


def score(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/oom_score_adj").read_text())
    except OSError:
        return -1
