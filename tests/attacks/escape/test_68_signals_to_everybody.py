"""Row 68: signal everybody. Success: a process outside the session ends."""

from __future__ import annotations

import os

from tests.attacks.conftest import Attack
from tests.processes import descendants

TOP = "import os, signal\n"


def test_signals_to_everybody_reach_nobody_else(attack: Attack) -> None:
    attack("return 2 * x")  # the shells are warm now
    before = descendants(os.getpid())
    body = """
for number in (9, 15, 19):
    for pid in (-1, 0, 1, os.getpid(), os.getppid()):
        try:
            os.kill(pid, number)
        except OSError:
            pass
return 2 * x
"""
    graded = attack(body, top=TOP)
    assert graded["honest"].status == "passed"
    assert before <= descendants(os.getpid())
