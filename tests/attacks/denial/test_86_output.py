"""Row 86: flood the output. Success: it fills a disk or a verdict, or stops its reader."""

from __future__ import annotations

import json

import pytest

from grader.verdict import to_dict
from tests.attacks.conftest import HEAD, LIMITS, Attack, patient


@pytest.mark.parametrize(
    "body",
    [
        "while True: os.write(1, b'x' * 65536)",
        "while True: os.write(2, b'x' * 65536)",
        "while True: print(end='\\r')",
        "while True: sys.stderr.buffer.raw.write(b'\\xff' * 4096)",
    ],
)
def test_a_flood_of_output_is_named(attack: Attack, body: str) -> None:
    graded = attack(body, top="import os, sys\n", extra=patient())
    assert "printed more than 64 KiB" in graded.lost_only_its_check("output").message


MANY_CHECKS = HEAD + "".join(
    f"\n@check('Check {number}', points=0.25)\ndef c{number}(student, reference, draw):\n"
    f"    close(student.f({number}), reference.f({number}))\n"
    for number in range(16)
)
FLOODED = LIMITS.replace("output_kib = 64", "output_kib = 4096")


@pytest.mark.parametrize(
    "character", ["x", "\0", "\x01", "\x1b", '"', "\\", "é", "\U0001f600", "\u202e"]
)
def test_printing_in_every_check_makes_no_verdict_too_large(attack: Attack, character: str) -> None:
    source = f"def f(n):\n    print({character!r} * 20_000)\n    return -1\n"
    verdict = attack(
        source=source, checks=MANY_CHECKS, solution="def f(n):\n    return n\n", extra=FLOODED
    ).verdict
    assert verdict.status == "failed"
    assert len(verdict.checks) == 16
    size = len(json.dumps(to_dict(verdict), ensure_ascii=False).encode())
    assert size <= 64 * 1024
