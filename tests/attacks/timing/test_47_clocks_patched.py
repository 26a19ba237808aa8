"""Rows 47 to 49: patch every clock in reach. Success: a shorter time by our clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.conftest import Graded

CHEATS = {
    "python": """
import time
for _name in ("perf_counter", "monotonic", "time", "process_time", "thread_time"):
    setattr(time, _name, lambda: 0.0)
    setattr(time, _name + "_ns", lambda: 0)
""",
    "machine code": """
import ctypes
_libc = ctypes.CDLL(None)
_at = ctypes.cast(_libc.clock_gettime, ctypes.c_void_p).value
if _libc.mprotect(ctypes.c_void_p(_at & ~4095), 8192, 7) == 0:
    ctypes.memmove(_at, bytes([0x31, 0xC0, 0xC3]), 3)
""",
    "another loader": """
import os, sys
os.environ["LD_PRELOAD"] = "/w/clock.so"
try:
    os.execv(sys.executable, [sys.executable, "-c", "pass"])
except OSError:
    pass
""",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=list(CHEATS))
def test_a_patched_clock_is_not_ours(gains_nothing: Callable[[str], Graded], cheat: str) -> None:
    gains_nothing(cheat)
