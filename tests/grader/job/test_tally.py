"""What a dead checker leaves behind becomes a fair verdict."""

from __future__ import annotations

from typing import Any

import pytest

from grader.contracts import Check, LineError, Started
from grader.errors import Outcome
from grader.job.tally import Tally
from grader.verdict import CheckStatus, Status, from_json, to_dict

VERSION = "sha256:" + "0" * 64
ANNOUNCED = [
    {"id": name, "title": name.title(), "max_points": 2.0, "visible": False, "reveal": "full"}
    for name in ("first", "second", "third")
]


def tally(*lines: Check) -> Tally:
    made = Tally("an-exercise", VERSION, 6.0)
    made.started(Started(checks=ANNOUNCED))
    for line in lines:
        made.check(line)
    return made


def passed(check_id: str) -> Check:
    result: dict[str, Any] = {"title": check_id.title(), "points": 2.0, "max_points": 2.0}
    return Check(id=check_id, status="passed", **result)


def test_nothing_began_while_checks_are_only_announced() -> None:
    assert not tally().began


def test_a_running_check_is_a_beginning() -> None:
    assert tally(Check(id="first", status="running")).began


def test_the_running_check_fails_and_later_ones_are_skipped() -> None:
    verdict = tally(passed("first"), Check(id="second", status="running")).died(
        Outcome.MEMORY, "Too large.", 1024
    )
    assert [check.status for check in verdict.checks] == ["passed", "failed", "skipped"]
    assert verdict.checks[1].outcome == "memory"
    assert verdict.checks[1].message == "Too large."
    assert verdict.status is Status.PARTIAL
    assert (verdict.points, verdict.max_points) == (2.0, 6.0)


def test_between_two_checks_nothing_fails_but_the_rest_is_skipped() -> None:
    verdict = tally(passed("first")).died(Outcome.DIED, "Ended.")
    assert [check.status for check in verdict.checks] == ["passed", "skipped", "skipped"]


def test_a_verdict_of_a_dead_checker_is_a_consistent_one() -> None:
    verdict = tally(Check(id="first", status="running")).died(Outcome.JOB, "Too long.", 60.0)
    assert from_json(to_dict(verdict)) == verdict


def test_our_own_fault_is_an_error_without_checks() -> None:
    verdict = tally().error("checks.py:3: NameError")
    assert verdict.status is Status.ERROR
    assert verdict.max_points == 6.0


def test_a_check_that_was_not_announced_is_no_valid_line() -> None:
    with pytest.raises(LineError, match="not announced"):
        tally(passed("fourth"))


def test_a_result_with_nonsense_in_it_is_no_valid_line() -> None:
    result: dict[str, Any] = {"title": "First", "points": "many", "max_points": 2}
    with pytest.raises(LineError, match="points"):
        tally(Check(id="first", status="passed", **result))


def test_an_announcement_without_a_title_is_no_valid_line() -> None:
    with pytest.raises(LineError, match="title"):
        Tally("a", VERSION, 1.0).started(Started(checks=[{"id": "first", "max_points": 1}]))


def test_an_ended_check_keeps_its_result_when_the_checker_dies() -> None:
    result = passed("first")
    verdict = tally(Check(id="first", status="running"), result).died(Outcome.DIED, "Ended.")
    assert verdict.checks[0].status is CheckStatus.PASSED
