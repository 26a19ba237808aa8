"""Row 85: spin, sleep, refuse to end. Success: the grader waits longer than the limit."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack, patient

TOP = "import ctypes, os, signal, threading, time\n"


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "ctypes.CDLL(None).sleep(60)",
        "signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals)); time.sleep(60)",
        "os.kill(os.getpid(), signal.SIGSTOP); time.sleep(60)",
        "import re; re.match('(a+)+$', 'a' * 64 + 'b')",
        "10 ** (10 ** 9)",
    ],
)
def test_a_call_without_end_is_ended(attack: Attack, body: str) -> None:
    graded = attack(body, top=TOP)
    assert "still running after 1.5 s" in graded.lost_only_its_check("wall").message
    assert graded["attacked"].seconds < 6


def test_cpu_time_is_counted_even_where_its_signal_is_ignored(attack: Attack) -> None:
    extra = patient().replace("cpu_seconds = 4.0", "cpu_seconds = 0.5")
    body = "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    failed = attack(body, top=TOP, extra=extra).lost_only_its_check("cpu")
    assert "more than 0.5 s of processor time" in failed.message


def test_recursion_without_a_limit_ends_at_another_limit(attack: Attack) -> None:
    graded = attack("import sys; sys.setrecursionlimit(10**9)\nf(x)", top=TOP)
    assert graded["attacked"].outcome in ("memory", "wall", "died")
    assert graded["honest"].status == "passed"
