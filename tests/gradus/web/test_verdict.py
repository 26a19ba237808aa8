"""How a verdict is put into words."""

from __future__ import annotations

from typing import Any

from gradus.submissions.redact import UNNAMED
from gradus.web import arrays
from gradus.web.verdict import present


def check(**fields: Any) -> dict[str, Any]:
    return {"id": "c", "title": "T", "status": "failed", "points": 0.0, "max_points": 1.0} | fields


def verdict(*checks: dict[str, Any], status: str = "partial", **fields: Any) -> dict[str, Any]:
    return {
        "status": status,
        "points": sum(c["points"] for c in checks),
        "max_points": sum(c["max_points"] for c in checks),
        "checks": list(checks),
    } | fields


def test_one_point_is_not_points() -> None:
    assert present(verdict(check())).sentence == "One thing is left: “T”, 1 point."


def test_what_waits_for_a_gpu_is_not_lost_and_leaves_nothing_to_fix() -> None:
    shown = present(
        verdict(
            check(status="passed", points=20.0, max_points=20.0),
            check(status="pending", max_points=10.0),
        )
    )
    assert shown.sentence == (
        "Correctness is done: 20 points. 10 points for speed wait for a GPU worker."
    )
    assert shown.is_complete


def test_a_failed_check_beside_a_waiting_one_is_still_to_fix() -> None:
    shown = present(verdict(check(), check(status="pending", max_points=10.0)))
    assert not shown.is_complete
    assert "One thing is left" in shown.sentence
    assert "Correctness is done" not in shown.sentence


def test_the_line_that_stopped_the_import_is_marked() -> None:
    message = "The file could not be imported: ModuleNotFoundError in line 7: No module"
    assert present(verdict(status="invalid", message=message)).lines == {7}
    message = "Line 3 cannot be read: invalid syntax."
    assert present(verdict(status="invalid", message=message)).lines == {3}


def test_nothing_is_compared_where_a_limit_ended_the_check() -> None:
    example = {"call": "f", "inputs": [], "got": [0, 0], "expected": None}
    shown = present(verdict(check(outcome="output", counterexample=example)))
    assert (shown.to_fix[0].got, shown.to_fix[0].expected) == ([], [])


def test_equal_numbers_of_another_shape_need_few_digits() -> None:
    value = 2.1835303530000001
    got = {"array": [value], "shape": [1], "dtype": "float64", "start": [0]}
    mine, theirs = arrays.compared(got, value)
    assert (mine[0].rows[0][0].text, theirs[0].rows[0][0].text) == ("2.18353", "2.18353")


def test_no_expected_value_is_made_up_where_there_is_none() -> None:
    example = {"call": "f", "inputs": [], "got": 1, "expected": None}
    shown = present(verdict(check(counterexample=example))).to_fix[0]
    assert [cell.differs for cell in shown.got[0].rows[0]] == [False]
    assert shown.expected == []


def test_a_title_that_is_not_told_is_a_word_of_ours() -> None:
    hidden, told = present(verdict(check(title=UNNAMED), check())).to_fix
    assert (hidden.title, hidden.is_named) == ("A hidden check", False)
    assert (told.title, told.is_named) == ("T", True)
