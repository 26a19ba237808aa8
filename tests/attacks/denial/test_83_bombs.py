"""Row 83: fork and thread bombs. Success: the host's processes grow, or the grader stalls."""

from __future__ import annotations

import os
import re

import pytest

from tests.attacks.conftest import Attack, eventually
from tests.processes import descendants

TOP = "import os, threading, time\n"
FORKS = """
children = []
try:
    while True:
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        children.append(pid)
finally:
    for pid in children:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
"""
THREADS = "while True: threading.Thread(target=time.sleep, args=(60,)).start()"


@pytest.mark.parametrize("bomb", [FORKS, THREADS], ids=["forks", "threads"])
def test_a_bomb_is_named_and_stops(attack: Attack, bomb: str) -> None:
    failed = attack(bomb, top=TOP).lost_only_its_check("processes")
    assert "more than 8 processes" in failed.message


def test_a_bomb_that_bursts_at_once_leaves_the_host_as_it_was(attack: Attack) -> None:
    attack("return 2 * x")
    before = descendants(os.getpid())
    graded = attack("while True:\n    try: os.fork()\n    except OSError: pass", top=TOP)
    assert graded["honest"].status == "passed"
    assert eventually(lambda: descendants(os.getpid()) <= before)


def test_an_outcome_in_native_threads_is_no_host_fault(attack: Attack) -> None:
    """glibc aborts where a thread cannot be had: that is the student's process, not ours."""
    body = """
threading.stack_size(64 * 1024 * 1024)
for _ in range(40): threading.Thread(target=time.sleep, args=(60,)).start()
"""
    graded = attack(body, top=TOP)
    assert graded["attacked"].outcome in ("processes", "memory")
    assert re.search(r"more than \d+", graded["attacked"].message)
