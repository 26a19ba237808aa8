"""Row 95: control characters, NUL, broken text. Success: a row, a log or a terminal takes them."""

from __future__ import annotations

from tests.attacks.conftest import Attack, patient


def test_an_exception_text_of_any_length_and_kind_can_be_stored(attack: Attack) -> None:
    body = "raise type('\\x1b[31m\\u202e' * 300, (ValueError,), {})('\\x00\\ud800' * 9_000_000)"
    failed = attack(body, extra=patient()).lost_only_its_check()
    assert len(failed.message) <= 2048
    for forbidden in ("\0", "\x1b", "\ud800"):
        assert forbidden not in failed.message


def test_what_is_printed_can_be_stored(attack: Attack) -> None:
    body = "sys.stdout.buffer.write(b'\\x00\\xff\\x1b[2J\\r\\n\\xed\\xa0\\x80')\nreturn 0 * x"
    failed = attack(body, top="import sys").lost_only_its_check()
    assert failed.output
    failed.output.encode()
    for forbidden in ("\0", "\x1b", "\ud800"):
        assert forbidden not in failed.output
