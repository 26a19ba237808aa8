"""Performance checks in real sandboxes; what is asserted is who earns what, never a speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.verdict import CheckStatus, Status

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade

EXTRA = """
[limits]
job_seconds = 30.0
wall_seconds = 5.0

[performance.fast]
metric = "ratio"
function = "total"
baseline = "total_loops"
thresholds = [[3, 0.5], [5, 1.0]]
"""
CHECKS = """
@check("Right", points=4)
def right(student, reference, draw):
    x = draw.normal(9)
    close(student.total(x), reference.total(x))

@performance("Fast", points=6)
def fast(draw):
    return (draw.normal(20_000),)
"""
SOLUTION = """
def total(x):
    return float(x.sum())

def total_loops(x):
    t = 0.0
    for v in x.tolist():
        t += v * 1.0
    return t
"""
SLOW = "def total(x):\n    t = 0.0\n    for v in x.tolist():\n        t += v * 1.0\n    return t\n"


def test_a_vectorised_function_earns_all_points(grade: Grade) -> None:
    graded = grade("def total(x):\n    return float(x.sum())\n", CHECKS, SOLUTION, extra=EXTRA)
    assert graded.verdict.status is Status.PASSED
    result = graded.verdict.performance[0]
    assert (result.id, result.metric) == ("fast", "ratio")
    assert result.value is not None
    assert result.value > 5
    assert result.pairs >= 5
    assert result.band is not None
    assert result.band[0] <= result.value <= result.band[1]
    assert any("pairs measured" in str(line) for line in graded.events("check"))


def test_the_loop_itself_earns_nothing_for_speed(grade: Grade) -> None:
    graded = grade(SLOW, CHECKS, SOLUTION, extra=EXTRA)
    assert (graded["fast"].status, graded["fast"].points) == (CheckStatus.FAILED, 0.0)
    assert "The next threshold is 3" in graded["fast"].message
    assert graded.verdict.points == 4.0


def test_speed_is_not_measured_where_a_check_failed(grade: Grade) -> None:
    graded = grade("def total(x):\n    return 0.0\n", CHECKS, SOLUTION, extra=EXTRA)
    assert graded["fast"].status is CheckStatus.SKIPPED
    assert graded.verdict.performance == ()


def test_a_wrong_output_while_timed_earns_nothing(grade: Grade) -> None:
    source = (
        "N = [0]\n\ndef total(x):\n    N[0] += 1\n    return float(x.sum()) if N[0] < 9 else 0.0\n"
    )
    graded = grade(source, CHECKS, SOLUTION, extra=EXTRA)
    assert (graded["fast"].status, graded["fast"].points) == (CheckStatus.FAILED, 0.0)
    assert "total returned 0; expected" in graded["fast"].message


def test_a_cache_by_content_gains_nothing(grade: Grade) -> None:
    source = (
        "CACHE = {}\n\ndef total(x):\n    key = x.tobytes()\n    if key not in CACHE:\n"
        "        t = 0.0\n        for v in x.tolist():\n            t += v * 1.0\n"
        "        CACHE[key] = t\n    return CACHE[key]\n"
    )
    assert grade(source, CHECKS, SOLUTION, extra=EXTRA)["fast"].points == 0.0


def test_dying_while_timed_fails_by_name(grade: Grade) -> None:
    source = (
        "import os\nN = [0]\n\ndef total(x):\n    N[0] += 1\n    if N[0] > 7:\n"
        "        os._exit(0)\n    return float(x.sum())\n"
    )
    assert grade(source, CHECKS, SOLUTION, extra=EXTRA)["fast"].outcome == "died"


def test_a_baseline_that_fails_is_our_fault(grade: Grade) -> None:
    broken = SOLUTION.replace("t += v * 1.0", "t += v.missing")
    verdict = grade(
        "def total(x):\n    return float(x.sum())\n", CHECKS, broken, extra=EXTRA
    ).verdict
    assert verdict.status is Status.ERROR
    assert "total_loops" in verdict.message


COUNT = """
[performance.calls]
metric = "count"
thresholds = [[20, 0.5], [10, 1.0]]
"""
COUNT_CHECKS = """
@performance("Few calls", points=10)
def calls(student, reference, draw):
    made = []
    found = student.root(lambda x: made.append(x) or x - 2.0, 8.0)
    require(abs(found - 2.0) < 1e-6, "The root is 2.")
    return len(made)
"""


def test_a_count_earns_more_when_it_is_lower(grade: Grade) -> None:
    source = "def root(f, x):\n    for _ in range({n}):\n        x -= f(x)\n    return x\n"
    points = [
        grade(source.format(n=n), COUNT_CHECKS, source, extra=COUNT)["calls"].points
        for n in (5, 15, 25)
    ]
    assert points == [10.0, 5.0, 0.0]


def test_a_count_over_a_wrong_result_earns_nothing(grade: Grade) -> None:
    graded = grade("def root(f, x):\n    return 7.0\n", COUNT_CHECKS, "", extra=COUNT)
    assert (graded["calls"].message, graded["calls"].points) == ("The root is 2.", 0.0)


def test_uncalibrated_thresholds_are_shown_and_not_graded(grade: Grade) -> None:
    source = "def root(f, x):\n    for _ in range(25):\n        x -= f(x)\n    return x\n"
    extra = COUNT + "calibrated = false\n"
    result = grade(source, COUNT_CHECKS, source, extra=extra)["calls"]
    assert (result.status, result.points) == (CheckStatus.PASSED, 10.0)
    assert "not graded" in result.message


def test_a_gpu_part_waits_for_a_gpu_worker(grade: Grade) -> None:
    extra = EXTRA.replace("[performance.fast]", '[performance.fast]\nlane = "gpu"')
    graded = grade(SLOW, CHECKS, SOLUTION, extra=extra, flavour="torch-cuda")
    assert graded["fast"].status is CheckStatus.PENDING
    assert "GPU" in graded["fast"].message
    assert graded.verdict.status is Status.PARTIAL


def test_an_assignment_may_set_other_thresholds(grade: Grade) -> None:
    source = "def root(f, x):\n    for _ in range(25):\n        x -= f(x)\n    return x\n"
    easier = {"thresholds": {"calls": [[40, 0.5], [20, 1.0]]}}
    graded = grade(source, COUNT_CHECKS, source, extra=COUNT, overrides=easier)
    assert graded["calls"].points == 5.0
    assert graded.verdict.performance[0].thresholds == ((40.0, 0.5), (20.0, 1.0))


@pytest.mark.parametrize(
    ("thresholds", "why"),
    [
        ({"speed": [[1, 1.0]]}, "no performance check named 'speed'"),
        ({"calls": [[10, 0.5], [20, 1.0]]}, "the value falls"),
        ({"calls": [[10, 0.5]]}, "the last one is 1"),
        ({"calls": []}, "at least 1 item"),
    ],
)
def test_thresholds_without_sense_are_refused(
    grade: Grade, thresholds: dict[str, object], why: str
) -> None:
    graded = grade("x = 1\n", COUNT_CHECKS, "", extra=COUNT, overrides={"thresholds": thresholds})
    assert why in graded.refused
