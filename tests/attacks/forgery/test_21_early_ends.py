"""Row 21: end early with a success code. Success would be points for what was never answered."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack

TOP = "import ctypes, os, sys\n"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("os._exit(0)", "died", "ended the Python process"),
        ("os.abort()", "died", "ended the Python process"),
        ("ctypes.string_at(0)", "died", "crash in compiled code"),
        ("sys.exit(0)", None, "f raised SystemExit in line"),
        ("ctypes.CDLL(None).exit(0)", "died", "ended the Python process"),
    ],
)
def test_an_end_before_the_answer_is_named(
    attack: Attack, body: str, outcome: str | None, words: str
) -> None:
    assert words in attack(body, top=TOP).lost_only_its_check(outcome).message


@pytest.mark.parametrize("end", ["sys.exit(0)", "os._exit(0)"])
def test_an_end_while_the_file_is_read_is_no_pass(attack: Attack, end: str) -> None:
    source = f"import os, sys; {end}\ndef f(x): return 2 * x\ndef g(x): return 3 * x\n"
    verdict = attack(source=source).verdict
    assert (verdict.status, verdict.points) == ("invalid", 0.0)
