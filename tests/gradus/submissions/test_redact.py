from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.submissions.joining import join
from gradus.submissions.redact import RevealPolicy, Viewer, figures_shown, redact
from tests.people import NOON

SECRETS = ("SECRET-message", "SECRET-output", "SECRET-input", "f" * 64)


def check(name: str = "edge", **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"Title of {name}",
        "status": "failed",
        "visible": False,
        "reveal": "full",
        "points": 0.0,
        "max_points": 3.0,
        "message": SECRETS[0],
        "mistake": "Mean missing",
        "outcome": "wall",
        "limit": 10.0,
        "output": SECRETS[1],
        "counterexample": {"call": "f", "inputs": [SECRETS[2]], "got": 1, "expected": 2},
        "figures": [SECRETS[3]],
        "seconds": 0.5,
        **changes,
    }


def verdict(*checks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "status": "failed",
        "points": 0.0,
        "max_points": 3.0,
        "message": "",
        "checks": list(checks),
        "steps": [],
        "performance": [],
        **changes,
    }


def shown(
    data: dict[str, Any], level: str, role: Viewer = Viewer.STUDENT, **policy: Any
) -> dict[str, Any]:
    return redact(data, RevealPolicy(level, policy.pop("after", "full"), **policy), role, NOON)


def test_full_shows_everything() -> None:
    data = verdict(check())
    assert shown(data, "full") == data


@pytest.mark.parametrize("level", ["category", "nothing"])
def test_staff_read_everything(level: str) -> None:
    data = verdict(check(), status="error", message="trace")
    assert shown(data, level, Viewer.STAFF) == data


def test_category_leaves_title_mistake_and_points() -> None:
    got = shown(verdict(check()), "category")
    assert not any(secret in str(got) for secret in SECRETS)
    assert got["checks"][0]["title"] == "Title of edge"
    assert got["checks"][0]["mistake"] == "Mean missing"


def test_nothing_leaves_points_alone() -> None:
    got = shown(verdict(check()), "nothing")["checks"][0]
    assert (got["id"], got["title"], got["status"]) == ("hidden-1", "A hidden check", "failed")
    assert (got["points"], got["max_points"]) == (0.0, 3.0)
    assert "edge" not in str(got)
    assert "Mean missing" not in str(got)


def test_a_check_that_reveals_less_than_the_assignment_keeps_its_own_level() -> None:
    got = shown(verdict(check(reveal="nothing")), "full")["checks"][0]
    assert got["title"] == "A hidden check"


def test_an_assignment_does_not_lower_visible_checks() -> None:
    data = verdict(check(visible=True))
    assert shown(data, "nothing")["checks"] == data["checks"]


def test_the_level_changes_after_the_due_moment() -> None:
    data = verdict(check())
    before = shown(data, "nothing", closes_at=NOON)
    after = shown(data, "nothing", closes_at=NOON - timedelta(microseconds=1))
    assert before["checks"][0]["title"] == "A hidden check"
    assert after == data


def test_nothing_hides_steps_and_measurements_of_hidden_checks() -> None:
    data = verdict(
        check("fast"),
        steps=[{"id": "delta5", "status": "wrong", "message": "It is 7."}],
        performance=[{"id": "fast", "value": 3.0}],
    )
    got = shown(data, "nothing")
    assert got["steps"] == []
    assert got["performance"] == []


def test_category_keeps_the_result_of_a_step_without_its_message() -> None:
    data = verdict(steps=[{"id": "d", "status": "wrong", "mistake": "sign", "message": "It is 7."}])
    got = shown(data, "category")["steps"][0]
    assert got == {"id": "d", "status": "wrong", "mistake": "sign", "message": ""}


def test_students_do_not_read_the_trace_of_our_fault() -> None:
    data = verdict(check(status="error", message="Traceback …"), status="error", message="Trace")
    got = shown(data, "full")
    assert "Trac" not in str(got)
    assert "on our side" in got["message"]


def test_progress_is_redacted_like_a_verdict() -> None:
    running = {"id": "edge", "title": "Title of edge", "status": "running", "visible": False}
    got = shown({"position": None, "checks": [running]}, "nothing")
    assert "edge" not in str(got)
    assert got["checks"][0]["status"] == "running"


def test_only_figures_that_are_still_referred_to_may_be_fetched() -> None:
    data = verdict(check(), check("shown", visible=True, figures=["a" * 64]))
    assert figures_shown(shown(data, "full")) == {"f" * 64, "a" * 64}
    assert figures_shown(shown(data, "category")) == {"a" * 64}


LEVELS = st.sampled_from(["full", "category", "nothing"])


@given(own=LEVELS, level=LEVELS, visible=st.booleans())
def test_points_and_status_survive_every_level(own: str, level: str, visible: bool) -> None:
    data = verdict(check(reveal=own, visible=visible))
    got = shown(data, level)
    for field in ("status", "points", "max_points"):
        assert got["checks"][0][field] == data["checks"][0][field]
    assert shown(got, level) == got


@given(own=LEVELS, level=LEVELS)
def test_hidden_details_come_out_only_where_both_levels_are_full(own: str, level: str) -> None:
    got = str(shown(verdict(check(reveal=own)), level))
    both_full = own == level == "full"
    assert all((secret in got) == both_full for secret in SECRETS)


def part(name: str, status: str, points: float) -> dict[str, Any]:
    return {"id": name, "status": status, "points": points, "max_points": 5.0}


def test_without_a_speed_verdict_correctness_stands() -> None:
    first = verdict(part("right", "passed", 5.0), part("fast", "pending", 0.0), points=5.0)
    assert join(first, None) == first


@pytest.mark.parametrize("status", ["error", "invalid"])
def test_a_speed_job_that_failed_on_our_side_changes_nothing(status: str) -> None:
    first = verdict(part("right", "passed", 5.0))
    assert join(first, verdict(status=status)) == first


def test_what_the_device_says_decides() -> None:
    first = verdict(part("right", "passed", 5.0), part("fast", "pending", 0.0))
    second = verdict(part("right", "failed", 0.0), part("fast", "passed", 5.0))
    joined = join(first, second)
    assert [one["status"] for one in joined["checks"]] == ["failed", "passed"]
    assert (joined["points"], joined["max_points"], joined["status"]) == (5.0, 10.0, "partial")


def test_full_marks_of_both_are_passed() -> None:
    first = verdict(part("right", "passed", 5.0), part("fast", "pending", 0.0))
    second = verdict(part("fast", "passed", 5.0), performance=[{"id": "fast", "value": 9.0}])
    joined = join(first, second)
    assert (joined["status"], joined["points"]) == ("passed", 10.0)
    assert joined["performance"][0]["value"] == 9.0


@pytest.mark.parametrize("level", ["full", "category", "nothing"])
def test_what_staff_should_look_at_is_no_students_to_read(level: str) -> None:
    part = {"id": "fast", "value": 2.0, "flags": ["SECRET flag"]}
    data = verdict(check("fast", visible=True), performance=[part])
    assert "SECRET flag" not in str(shown(data, level)["performance"])
    assert shown(data, level)["performance"][0]["value"] == 2.0
    assert "SECRET flag" in str(shown(data, level, Viewer.STAFF))
