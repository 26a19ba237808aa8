"""The verdict: summing up, JSON both ways, and what is no verdict."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.verdict import (
    MAX_JSON_BYTES,
    CheckResult,
    CheckStatus,
    Counterexample,
    Environment,
    PerformanceResult,
    Status,
    StepResult,
    StepStatus,
    Usage,
    from_json,
    status_of,
    sum_up,
    to_dict,
    to_json,
)


def check(points: float, most: float, **fields: Any) -> CheckResult:
    status = CheckStatus.PASSED if points == most else CheckStatus.FAILED
    return CheckResult(
        **{
            "id": "c",
            "title": "C",
            "status": status,
            "points": points,
            "max_points": most,
            **fields,
        }
    )


def step(points: float, most: float = 1.0, **fields: Any) -> StepResult:
    status = StepStatus.VALUE if points else StepStatus.WRONG
    return StepResult(
        **{"id": "s", "status": status, "given": "", "points": points, "max_points": most, **fields}
    )


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([check(3, 3), check(2, 2)], Status.PASSED),
        ([check(3, 3), check(0, 2)], Status.PARTIAL),
        ([check(0, 3), check(0, 2)], Status.FAILED),
        ([check(3, 3), check(0, 2, status=CheckStatus.ERROR)], Status.ERROR),
        ([check(3, 3), check(0, 2, status=CheckStatus.PENDING)], Status.PARTIAL),
        ([check(0, 0)], Status.PASSED),
        ([check(0, 0), check(0, 0, status=CheckStatus.FAILED)], Status.FAILED),
        ([check(0, 0, status=CheckStatus.SKIPPED)], Status.FAILED),
    ],
)
def test_status_of_checks(results: list[CheckResult], status: Status) -> None:
    assert status_of(results) is status


def test_thirds_of_a_point_add_up_to_full_marks() -> None:
    verdict = sum_up("e", "v", steps=[step(10 / 3, 10 / 3) for _ in range(3)])
    assert (verdict.status, verdict.points, verdict.max_points) == (Status.PASSED, 10.0, 10.0)


def test_crosses_json_unchanged() -> None:
    verdict = replace(
        sum_up(
            "softmax-cross-entropy",
            "sha256:00",
            checks=[
                check(
                    0, 3,
                    outcome="wall", limit=10.0, output="printed", figures=("ab",), mistake="no_max",
                    counterexample=Counterexample(
                        call="f", inputs=((1.5, 2),), got=None, expected="x", differs=1, count=2,
                        index=(0, 1),
                    ),
                )
            ],
            steps=[step(1, mistake=None), step(0, mistake="sign", given="0,5")],
            performance=[
                PerformanceResult(
                    id="fast", metric="ratio", value=61.2, thresholds=((15, 0.6), (60, 1.0)),
                    pairs=15, band=(59.8, math.inf),
                )
            ],
        ),
        usage=Usage(seconds=0.2, cpu_seconds=0.1, peak_bytes=10),
        environment=Environment(engine="1", libraries={"numpy": "2"}, guarantees=("pids",)),
    )  # fmt: skip
    back = from_json(to_json(verdict))
    assert to_dict(back) == to_dict(verdict)
    assert back.performance[0].band == (59.8, math.inf)
    assert back.status is Status.PARTIAL


def test_nan_and_infinities_are_strings_in_json() -> None:
    example = Counterexample(call="f", got=[math.nan, -math.inf], expected=math.inf)
    data = to_dict(sum_up("e", "v", checks=[check(0, 1, counterexample=example)]))
    assert data["checks"][0]["counterexample"]["got"] == ["nan", "-inf"]
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_unknown_fields_of_a_newer_engine_are_dropped() -> None:
    data = to_dict(sum_up("e", "v", checks=[check(1, 1)])) | {"mood": "good"}
    assert from_json(data) == sum_up("e", "v", checks=[check(1, 1)])


def test_text_that_databases_refuse_is_replaced() -> None:
    text = to_json(sum_up("e", "v", checks=[check(0, 1, output="a\x00b\ud800c")]))
    assert "\\u0000" not in text
    assert from_json(text).checks[0].output == "a\u2400b?c"


@pytest.mark.parametrize("text", ["\x00", "☃", "a", "\n"])
def test_a_message_is_at_most_two_kib_whatever_it_is_made_of(text: str) -> None:
    data = to_dict(sum_up("e", "v", checks=[check(0, 1, message=text * 2048)]))
    message = data["checks"][0]["message"]
    assert 2040 <= len(message.encode()) <= 2048
    assert message.endswith(" …") == (text in "\x00☃")


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 60), st.text(min_size=1, max_size=4), st.booleans())
def test_never_longer_than_64_kib(count: int, text: str, example: bool) -> None:
    long = text * 6_000
    shown = Counterexample(call="f", got=[long] * 4) if example else None
    checks = [
        check(0, 1, id=f"c{i}", output=long, message=long, counterexample=shown)
        for i in range(count)
    ]
    data = to_json(sum_up("e", "v", checks=checks)).encode()
    assert len(data) <= MAX_JSON_BYTES
    assert from_json(data).max_points == count


def test_says_so_when_it_cannot_be_made_small() -> None:
    checks = [check(0, 1, title="x" * 1000) for _ in range(100)]
    with pytest.raises(ValueError, match="65536 bytes"):
        to_json(sum_up("e", "v", checks=checks))


def broken(**changes: Any) -> dict[str, Any]:
    return to_dict(sum_up("e", "v", checks=[check(1, 1)])) | changes


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (broken(schema=2), "schema"),
        (broken(status="great"), "status"),
        (broken(points="1"), "points"),
        (broken(points=True), "points"),
        (broken(points=2, max_points=2), "points"),
        (broken(points=3), "points"),
        (broken(points=math.nan), "points"),
        (broken(points=-1), "points"),
        (broken(status="failed"), "status"),
        (broken(checks={}), "checks"),
        (broken(checks=[{"id": "x"}]), "checks.0"),
        (broken(exercise=None), "exercise"),
        (broken(usage=[]), "usage"),
        (b"{", "verdict"),
        (b"\xff", "verdict"),
        ("[" * 100_000, "verdict"),
        ("x" * (2 * MAX_JSON_BYTES + 1), "bytes"),
        ({"schema": object()}, "no|not"),
    ],
)
def test_refuses_and_names_the_field(data: Any, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        from_json(data)


def test_a_check_never_has_more_points_than_it_can() -> None:
    data = broken()
    data["checks"][0]["points"] = 5
    with pytest.raises(ValueError, match=r"5\.0 of 1\.0 points"):
        from_json(data)


@pytest.mark.parametrize("status", ["invalid", "error"])
def test_what_was_not_marked_needs_no_sums(status: str) -> None:
    assert from_json(broken(status=status, points=0, checks=[])).status == status


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_verdict_or_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(data)
