"""What a verdict consists of. Fields may be added, meanings never change."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

SCHEMA: Final = 1
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Status(StrEnum):
    PASSED = "passed"  # full marks
    PARTIAL = "partial"
    FAILED = "failed"  # no marks
    INVALID = (
        "invalid"  # unusable before the first check: syntax, missing function; attempt given back
    )
    ERROR = "error"  # our fault: retried, never scored


class CheckStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # a check it depends on failed, or the session could not be renewed
    PENDING = "pending"  # waits for a GPU worker
    ERROR = "error"  # our fault


class StepStatus(StrEnum):
    VALUE = "value"  # within tolerance of the exact value
    FOLLOW_THROUGH = "follow-through"  # right for the student's own earlier answers
    WRONG = "wrong"


Reveal = Literal["full", "category", "nothing"]
Metric = Literal["ratio", "count", "score"]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


def _number(value: object) -> object:
    return _SPECIAL.get(value, value) if isinstance(value, str) else value


Number = Annotated[
    float, BeforeValidator(_number, json_schema_input_type=float | Literal["nan", "inf", "-inf"])
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """The first call that went wrong. Values are JSON: arrays nested lists, at most 8 x 8 shown."""

    call: str  # function name as the student knows it
    inputs: tuple[Any, ...] = ()
    got: Any = None
    expected: Any = None
    differs: int | None = None  # entries that differ
    count: int | None = None  # entries compared
    index: tuple[int, ...] | None = None  # of the first entry that differs


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    id: str  # function name in checks.py
    title: str
    status: CheckStatus
    points: Points
    max_points: Points
    visible: bool = False
    reveal: Reveal = "full"
    message: str = ""  # shown to the student as it is
    mistake: str | None = None  # name of the known-wrong solution that gives the same output
    outcome: str | None = None  # named end of a limit: a value of errors.Outcome
    limit: float | str | None = None  # the limit that was reached
    output: str = ""  # what the student printed
    counterexample: Counterexample | None = None
    figures: tuple[str, ...] = ()  # sha256 of artifacts sent before the verdict
    seconds: Finite = 0.0  # wall time by the checker's clock


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One answer on a sheet: a by-hand step or a quiz item."""

    id: str
    status: StepStatus
    given: str  # as typed; option keys for a choice
    points: Points
    max_points: Points
    mistake: str | None = None  # name of the mistake whose formula gives this answer
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceResult:
    id: str
    metric: Metric
    value: Number | None  # None: not measured
    thresholds: tuple[tuple[Finite, Finite], ...]  # (value, share of the points)
    pairs: int = 0
    band: tuple[Number, Number] | None = None
    confirmed: bool = False  # by a second session
    noisy: bool = False  # the host was too busy
    flags: tuple[str, ...] = ()  # what staff should look at; never for students, costs no points


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    seconds: Finite = 0.0  # wall time of the job
    cpu_seconds: Finite = 0.0
    peak_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    engine: str = ""
    backend: str = ""
    flavour: str = ""
    image: str = ""  # digest of the flavour
    cpu: str = ""
    device: str = ""  # name, driver and number of the GPU, where one was used
    libraries: dict[str, str] = field(default_factory=dict)
    guarantees: tuple[str, ...] = ()  # those that held


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    schema: Literal[1] = SCHEMA
    exercise: str
    version: str
    status: Status
    points: Points
    max_points: Points
    message: str = ""  # why the submission is invalid, or what failed on our side
    checks: tuple[CheckResult, ...] = ()
    steps: tuple[StepResult, ...] = ()
    performance: tuple[PerformanceResult, ...] = ()
    usage: Usage = field(default_factory=Usage)
    environment: Environment = field(default_factory=Environment)


def status_of(checks: Iterable[CheckResult], steps: Iterable[StepResult] = ()) -> Status:
    """Sum up. One check in error makes the verdict an error, whatever the others say.

    Where nothing carries points (a Run of unmarked checks), passing all of it is full marks.
    """
    checks, steps = tuple(checks), tuple(steps)
    if any(check.status is CheckStatus.ERROR for check in checks):
        return Status.ERROR
    points, most = total_of(checks, steps)
    if most == 0:
        bad = any(check.status is not CheckStatus.PASSED for check in checks)
        bad = bad or any(step.status is StepStatus.WRONG for step in steps)
        return Status.FAILED if bad else Status.PASSED
    if points == 0:
        return Status.FAILED
    return Status.PASSED if points >= most else Status.PARTIAL


def sum_up(
    exercise: str,
    version: str,
    *,
    checks: Iterable[CheckResult] = (),
    steps: Iterable[StepResult] = (),
    performance: Iterable[PerformanceResult] = (),
) -> Verdict:
    """Make the verdict of a job whose checks ran: its points are the sums over checks and steps."""
    checks, steps = tuple(checks), tuple(steps)
    points, most = total_of(checks, steps)
    return Verdict(
        exercise=exercise,
        version=version,
        status=status_of(checks, steps),
        points=points,
        max_points=most,
        checks=checks,
        steps=steps,
        performance=tuple(performance),
    )


def total_of(checks: Iterable[CheckResult], steps: Iterable[StepResult]) -> tuple[float, float]:
    """Points and maximum, to the millionth: a third of a point three times is one point."""
    parts: list[CheckResult | StepResult] = [*checks, *steps]
    points = math.fsum(part.points for part in parts)
    return round(points, 6), round(math.fsum(part.max_points for part in parts), 6)
