"""Row 10: read the inputs queued behind the first. Success would be a byte before the answer."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_nothing_waits_in_the_stream_while_a_call_is_answered(attack: Attack) -> None:
    code = """
import select, socket, os
found = []
for _ in range(20):
    ready, _, _ = select.select([3], [], [], 0.01)
    found += ready
"""
    assert seen(attack, code) == "[]"
