"""Row 90: run the host out of memory. Success: the kernel ends the worker and not the student."""

from __future__ import annotations

import os
from pathlib import Path

from grader.exercise.limits import Limits
from grader.job.backend import HostBackend
from tests.attacks.conftest import descendants, eventually


def test_the_kernel_ends_a_students_process_first(backend: HostBackend) -> None:
    with backend.open("numpy", Limits()):
        scores = {pid: score(pid) for pid in descendants(os.getpid())}
        assert eventually(lambda: 1000 in {score(pid) for pid in descendants(os.getpid())}), scores
    assert score(os.getpid()) < 1000


def score(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/oom_score_adj").read_text())
    except OSError:
        return -1
