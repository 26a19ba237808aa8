"""Row 62: use more cores than the baseline. Success: a second core, or a second thread."""

from __future__ import annotations

from tests.attacks.timing.conftest import Timed


def test_a_timed_session_has_one_core_and_one_thread(timed: Timed) -> None:
    graded, _ = timed("""
import os
_honest = f
def f(x):
    if len(x) > 1000:
        try: os.sched_setaffinity(0, range(64))
        except OSError: pass
        cores = len(os.sched_getaffinity(0))
        try: child = os.fork()
        except OSError: child = "refused"
        raise LookupError(cores, child)
    return _honest(x)
""")
    told = next(check.message for check in graded.verdict.checks if check.status == "failed")
    assert "LookupError" in told
    assert "(1, 'refused')" in told
