"""Rows 15 to 17: carry hidden inputs out by print or message. Success: they help the next time."""

from __future__ import annotations

from tests.attacks.conftest import Attack


def test_what_a_submission_learns_is_worth_nothing_to_the_next(attack: Attack) -> None:
    first = attack("print('INPUT', x.tolist())\nreturn 0 * x", seed="aa")
    second = attack("print('INPUT', x.tolist())\nreturn 0 * x", seed="bb")
    told = [graded["attacked"].output for graded in (first, second)]
    assert "INPUT" in told[0]
    assert told[0] != told[1]


def test_a_message_is_no_wide_channel(attack: Attack) -> None:
    failed = attack("raise ValueError(x.tolist() * 10_000)").lost_only_its_check()
    assert len(failed.message.encode()) <= 2048
