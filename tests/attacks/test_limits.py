"""Memory, disk, files and output: each limit ends in its own name, with and without cgroups."""

from __future__ import annotations

import json

import pytest

from grader.sandbox.bubblewrap import BubblewrapBackend
from grader.verdict import to_dict
from tests.attacks.conftest import HEAD, LIMITS, Attack, patient

TOP = "import mmap, os, sys, time\nimport numpy as np\n"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("return np.ones(10**10)", "memory", "more than 128 MiB"),
        ("held = []\nwhile True: held.append(bytearray(1 << 20))", "memory", "more than 128 MiB"),
        ("held = []\nwhile True: held.append(object())", "memory", "more than 128 MiB"),
        ("mmap.mmap(-1, 1 << 30)", None, "Cannot allocate memory"),
        ("return [0.0] * 10**8", "memory", "more than 128 MiB"),
        ("open('/w/x', 'wb').write(bytes(5 << 20))", "disk", "more than 4 MiB"),
        ("open('/dev/shm/x', 'wb').write(bytes(5 << 20))", "disk", "more than 4 MiB"),
        ("for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))", "disk", "more than 4"),
        ("for n in range(10**6): open(f'/tmp/{n}', 'w').close()", "disk", "more than 2000 files"),
        ("for n in range(10**6): os.mkdir(f'/tmp/{n}')", "disk", "more than 2000 files"),
        ("for n in range(10**6): os.symlink('x', f'/tmp/{n}')", "disk", "more than 2000 files"),
        ("held = [open('/dev/null') for _ in range(99)]", "files", "more than 32 files"),
        ("held = [os.pipe() for _ in range(99)]", "files", "more than 32 files"),
        ("while True: os.write(1, b'x' * 65536)", "output", "printed more than 64 KiB"),
        ("while True: os.write(2, b'x' * 65536)", "output", "printed more than 64 KiB"),
        ("while True: print(end='\\r')", "output", "printed more than 64 KiB"),
    ],
)
def test_a_limit_is_named(attack: Attack, body: str, outcome: str | None, words: str) -> None:
    graded = attack(body, top=TOP, extra=patient())
    if outcome is None:
        assert graded["attacked"].status == "failed"
        assert words.lower() in graded["attacked"].message.lower()
    else:
        assert words in graded.lost_only_its_check(outcome).message


MANY = """
for _ in range(7):
    if os.fork() == 0:
        {take}
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


@pytest.mark.parametrize("groups", [True, False], ids=["control groups", "none"])
@pytest.mark.parametrize(
    "take",
    [
        pytest.param("held = bytearray(100 << 20)", id="own memory"),
        pytest.param(
            "held = mmap.mmap(-1, 100 << 20); np.frombuffer(held, np.uint8)[::4096] = 1",
            id="shared memory",
        ),
    ],
)
def test_memory_of_many_processes_is_counted_together(
    attack: Attack,
    backend: BubblewrapBackend,
    bare_backend: BubblewrapBackend,
    groups: bool,
    take: str,
) -> None:
    on = backend if groups else bare_backend
    graded = attack(MANY.format(take=take), top=TOP, on=on, extra=patient())
    assert "128 MiB" in graded.lost_only_its_check("memory").message
    assert graded["attacked"].seconds < 8


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


@pytest.mark.parametrize(
    "value",
    [
        "{str(i) + '\\x01' * 50: {str(j): ['\\x02' * 400] * 12 for j in range(12)} "
        "for i in range(12)}",
        "[[[['\\U0001f600' * 400] * 12] * 12] * 12] * 12",
        "['x' * 8_000_000]",
        "type('\\x1b[31m' * 100, (), {})()",
    ],
)
def test_a_bulky_counterexample_makes_no_line_too_long(attack: Attack, value: str) -> None:
    source = f"def f(n):\n    return {value}\n"
    verdict = attack(
        source=source, checks=MANY_CHECKS, solution="def f(n):\n    return n\n", extra=patient()
    ).verdict
    assert verdict.status == "failed"


def test_an_exception_text_of_any_length_and_kind_can_be_stored(attack: Attack) -> None:
    body = "raise type('\\x1b[31m\\u202e' * 300, (ValueError,), {})('\\x00\\ud800' * 9_000_000)"
    failed = attack(body, extra=patient()).lost_only_its_check()
    assert len(failed.message) <= 2048
    for forbidden in ("\0", "\x1b", "\ud800"):
        assert forbidden not in failed.message
