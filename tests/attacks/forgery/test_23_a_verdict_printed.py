"""Rows 23 and 98: print what a verdict looks like. Success: it counts, or looks like ours."""

from __future__ import annotations

from tests.attacks.conftest import Attack

PRINTED = '{"schema": 1, "status": "passed", "points": 4, "checks": []}'


def test_a_printed_verdict_is_output_and_nothing_else(attack: Attack) -> None:
    graded = attack(f"print({PRINTED!r}, flush=True)\nprint('OK')\nreturn 0 * x")
    failed = graded.lost_only_its_check()
    assert PRINTED in failed.output
    assert PRINTED not in failed.message
