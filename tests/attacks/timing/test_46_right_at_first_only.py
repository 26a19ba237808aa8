"""Rows 46 and 66: right while checked, fast and wrong while timed. Success: a counted time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.conftest import Graded

CHEATS = {
    "after some calls": """
_honest, _calls = f, []
def f(x):
    _calls.append(1)
    return _honest(x) if len(_calls) < 6 else 0.0
""",
    "by size": """
_honest = f
def f(x):
    return _honest(x) if len(x) < 1000 else 0.0
""",
    "where no process can be made": """
import os
try:
    if os.fork() == 0:
        os._exit(0)
    os.wait()
except OSError:
    def f(x):
        return 0.0
""",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=list(CHEATS))
def test_every_timed_output_is_verified(gains_nothing: Callable[[str], Graded], cheat: str) -> None:
    gains_nothing(cheat)
