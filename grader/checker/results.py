"""Results as a verdict holds them, made of what a check, a finding or a measurement says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.authoring.registry import CheckSpec
from grader.checker.finding import Finding
from grader.checker.speed import Timed
from grader.exercise.manifest import Performance
from grader.verdict import CheckResult, CheckStatus, PerformanceResult


def announced(spec: CheckSpec) -> dict[str, Any]:
    return {
        "id": spec.id,
        "title": spec.title,
        "visible": spec.visible,
        "reveal": spec.reveal,
        "max_points": spec.points,
    }


def plain(spec: CheckSpec, status: CheckStatus, message: str = "") -> CheckResult:
    return CheckResult(
        id=spec.id,
        title=spec.title,
        status=status,
        points=spec.points if status is CheckStatus.PASSED else 0.0,
        max_points=spec.points,
        visible=spec.visible,
        reveal=spec.reveal,  # type: ignore[arg-type]
        message=message,
    )


def failed(spec: CheckSpec, finding: Finding) -> CheckResult:
    return replace(
        plain(spec, CheckStatus.FAILED, message=finding.message),
        mistake=finding.mistake,
        outcome=None if finding.outcome is None else finding.outcome.value,
        limit=finding.limit,
        counterexample=finding.counterexample,
    )


def measured(spec: CheckSpec, table: Performance, timed: Timed) -> CheckResult:
    """Return the result of a measured check: a share of the points, all where uncalibrated."""
    if timed.finding is not None:
        return failed(spec, timed.finding)
    share = timed.share if table.calibrated else 1.0
    status = CheckStatus.PASSED if share == 1.0 else CheckStatus.FAILED
    return replace(
        plain(spec, status, _speed_message(table, timed)), points=round(share * spec.points, 6)
    )


def _speed_message(table: Performance, timed: Timed) -> str:
    value = timed.result.value
    assert value is not None
    text = {
        "ratio": f"Your code is {value:.3g} times as fast as the baseline.",
        "count": f"Your code needs {value:g}.",
        "score": f"Your code reaches {value:.4g}.",
    }[table.metric]
    missed = [level for level, part in table.thresholds if part > timed.share]
    if not table.calibrated:
        text += " The thresholds are not calibrated yet: this is shown and not graded."
    elif missed:
        text += f" The next threshold is {missed[0]:g}."
    if timed.result.noisy:
        text += " The machine was too busy to time you fairly; staff can have it measured again."
    return text


def unmeasured(spec: CheckSpec, table: Performance) -> PerformanceResult:
    return PerformanceResult(
        id=spec.id, metric=table.metric, value=None, thresholds=table.thresholds
    )


def waiting_message(table: Performance) -> str:
    if table.lane == "gpu":
        return "This part is measured on a GPU. It waits for a GPU worker; your place is kept."
    return "This part is measured by a job of its own."
