"""Row 50: remember results by address, shape or content. Success: a call that costs nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.conftest import Graded

REMEMBER = """
_honest, _memory = f, {{}}
def f(x):
    key = {key}
    if key not in _memory:
        _memory[key] = _honest(x)
    return _memory[key]
"""


@pytest.mark.parametrize("key", ["id(x)", "x.ctypes.data", "x.shape", "x.tobytes()"])
def test_no_timed_input_was_seen_before(gains_nothing: Callable[[str], Graded], key: str) -> None:
    gains_nothing(REMEMBER.format(key=key))
