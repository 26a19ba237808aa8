"""Row 39: deep nesting, huge integers, broken text. Success: a crash, or a wait without end."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack, patient

TOP = """
def deep(levels):
    value = 1.0
    for _ in range(levels):
        value = [value]
    return value

def loop():
    value = []
    value.append(value)
    return value
"""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("deep(10**5)", "values nested more than 16 deep cannot be sent"),
        ("loop()", "values nested more than 16 deep cannot be sent"),
        ("10**5000", "a whole number of more than 512 bytes cannot be sent"),
        ("'\\ud800'", "half a surrogate pair"),
    ],
)
def test_a_value_beyond_the_limits_is_named(attack: Attack, value: str, words: str) -> None:
    failed = attack(f"return {value}", top=TOP, extra=patient()).lost_only_its_check()
    assert words in failed.message
