"""Row 61: be slow at first, so that the rest looks fast. Success: points for it."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.conftest import Graded


def test_slow_first_calls_make_no_later_one_faster(
    gains_nothing: Callable[[str], Graded],
) -> None:
    gains_nothing("""
import time
_honest, _calls = f, []
def f(x):
    _calls.append(1)
    if len(_calls) < 6:
        time.sleep(0.05)
    return _honest(x)
""")
