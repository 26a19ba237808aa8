"""What a job produces: plain frozen data. Field names are those of the JSON schema, version 1.

Fields may be added, meanings never change. NaN and infinities are the strings "nan", "inf", "-inf"
in JSON; a verdict is at most 64 KiB of it. The checker builds one with `sum_up`, the daemon adds
usage and environment, the platform reads it with `from_json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, cast

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

SCHEMA: Final = 1
MAX_JSON_BYTES = 64 * 1024
MAX_MESSAGE = 2048  # bytes of one message
MAX_OUTPUT = 16 * 1024  # bytes of what the student printed, one check
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_CUT = " …"
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}


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
    points, most = _total(checks, steps)
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
    points, most = _total(checks, steps)
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


def to_dict(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON data of at most 64 KiB.

    Raises: ValueError if it cannot be made that small.
    """
    for output, message, examples in _SHRINKS:
        shrunk = _shrunk(verdict, output=output, message=message, examples=examples)
        data = cast(dict[str, Any], _plain(shrunk))
        if len(_dumps(data).encode()) <= MAX_JSON_BYTES:
            return data
    raise ValueError(
        f"The verdict needs more than {MAX_JSON_BYTES} bytes even without its details."
    )


def to_json(verdict: Verdict) -> str:
    return _dumps(to_dict(verdict))


def from_json(data: str | bytes | Mapping[str, Any]) -> Verdict:
    """Read a verdict that crossed a boundary. Unknown fields of a newer engine are dropped.

    Raises: ValueError that names the field, for whatever is not a consistent verdict.
    """
    if isinstance(data, Mapping):
        try:
            data = json.dumps(data, ensure_ascii=False).encode(errors="replace")
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"The verdict is not JSON: {error}.") from error
    size = len(data.encode(errors="replace")) if isinstance(data, str) else len(data)
    if size > 2 * MAX_JSON_BYTES:  # escapes may double what was written with plain characters
        raise ValueError(f"The verdict has {size} bytes; at most {2 * MAX_JSON_BYTES} are allowed.")
    try:
        verdict = ADAPTER.validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the verdict"
        raise ValueError(f"{where}: {first['msg']}") from error
    _refuse_inconsistent(verdict)
    return verdict


def _total(checks: Iterable[CheckResult], steps: Iterable[StepResult]) -> tuple[float, float]:
    """Points and maximum, to the millionth: a third of a point three times is one point."""
    parts: list[CheckResult | StepResult] = [*checks, *steps]
    points = math.fsum(part.points for part in parts)
    return round(points, 6), round(math.fsum(part.max_points for part in parts), 6)


def _refuse_inconsistent(verdict: Verdict) -> None:
    parts: list[CheckResult | StepResult] = [*verdict.checks, *verdict.steps]
    for part in parts:
        if part.points > part.max_points + 1e-6:
            raise ValueError(f"{part.id}: {part.points} of {part.max_points} points.")
    if verdict.points > verdict.max_points + 1e-6:
        raise ValueError(f"points: {verdict.points} of {verdict.max_points}.")
    if verdict.status in (Status.INVALID, Status.ERROR):
        return
    points, _ = _total(verdict.checks, verdict.steps)
    if abs(points - verdict.points) > 1e-5:
        raise ValueError(f"points: {verdict.points}, but checks and steps give {points}.")
    expected = status_of(verdict.checks, verdict.steps)
    if expected is not verdict.status:
        raise ValueError(f"status: {verdict.status}, but checks and steps give {expected}.")


def _plain(value: object) -> object:
    """Dataclasses to JSON data. Half characters and control characters (which databases refuse and
    JSON makes six times as long) are replaced; of the latter all but tab and line ends.
    """
    if isinstance(value, str):  # the enumerations too
        return str(value).translate(_PICTURES).encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if not isinstance(value, int | None):
        raise TypeError(f"A {type(value).__name__} cannot be part of a verdict.")
    return value


def _dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _cut(text: str, most: int) -> str:
    """The text, or a beginning of it that has at most `most` bytes as UTF-8."""
    raw = text[: most + 1].translate(_PICTURES).encode("utf-8", "replace")
    if len(raw) <= most:
        return text
    return raw[: max(0, most - len(_CUT.encode()))].decode("utf-8", "ignore") + _CUT


def _shrunk(verdict: Verdict, *, output: int, message: int, examples: bool) -> Verdict:
    checks = tuple(
        replace(
            check,
            output=_cut(check.output, output),
            message=_cut(check.message, message),
            counterexample=check.counterexample if examples else None,
        )
        for check in verdict.checks
    )
    steps = tuple(
        replace(
            step, message=_cut(step.message, message), given=_cut(step.given, min(message, 256))
        )
        for step in verdict.steps
    )
    return replace(verdict, checks=checks, steps=steps, message=_cut(verdict.message, MAX_MESSAGE))


_SHRINKS = (  # bytes of output, of messages and answers, examples: tried until it fits
    (MAX_OUTPUT, MAX_MESSAGE, True),
    (2048, MAX_MESSAGE, True),
    (512, 1024, False),
    (64, 256, False),
    (0, 32, False),
)

ADAPTER: TypeAdapter[Verdict] = TypeAdapter(Verdict)
