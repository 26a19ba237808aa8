"""Row 60: slow the other party down. Success: the baseline takes longer than it does alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.conftest import Graded

CHEATS = {
    "a child that spins": """
import os
if os.fork() == 0:
    while True: pass
""",
    "memory kept dirty": """
_waste = [bytearray(1 << 20) for _ in range(60)]
""",
    "priority": """
import os
for _call in (lambda: os.nice(-20), lambda: os.sched_setscheduler(0, 1, os.sched_param(99)),
              lambda: os.setpriority(os.PRIO_PROCESS, 0, -20)):
    try: _call()
    except OSError: pass
""",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=list(CHEATS))
def test_the_baseline_runs_while_the_student_stands_still(
    gains_nothing: Callable[[str], Graded], cheat: str
) -> None:
    gains_nothing(cheat)
