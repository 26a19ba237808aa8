"""Rows 53 and 54: answer first, compute later. Success: the time ends before the work does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.conftest import Graded

CHEATS = {
    "a thread": """
import threading
_honest = f
def f(x):
    out = []
    thread = threading.Thread(target=lambda: out.append(_honest(x)))
    thread.start()
    thread.join()
    return out[0]
""",
    "a child": """
import os
_honest = f
def f(x):
    if os.fork():
        return 0.0
    return _honest(x)
""",
    "while it is written": """
_honest = f
class _Late(float):
    def __float__(self): return _honest(self.x)
def f(x):
    late = _Late(0.0)
    late.x = x
    return late
""",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=list(CHEATS))
def test_an_answer_is_complete_when_its_time_ends(
    gains_nothing: Callable[[str], Graded], cheat: str
) -> None:
    gains_nothing(cheat)
