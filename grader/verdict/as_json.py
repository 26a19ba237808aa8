"""A verdict as JSON and back. NaN and infinities are the strings "nan", "inf", "-inf"."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from grader.verdict.schema import (
    CheckResult,
    Counterexample,
    Environment,
    PerformanceResult,
    Status,
    StepResult,
    Usage,
    Verdict,
    status_of,
    total_of,
)

MAX_JSON_BYTES = 64 * 1024
MAX_MESSAGE = 2048  # bytes of one message
MAX_OUTPUT = 16 * 1024  # bytes of what the student printed, one check
_CUT = " …"
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}


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


def _refuse_inconsistent(verdict: Verdict) -> None:
    parts: list[CheckResult | StepResult] = [*verdict.checks, *verdict.steps]
    for part in parts:
        if part.points > part.max_points + 1e-6:
            raise ValueError(f"{part.id}: {part.points} of {part.max_points} points.")
    if verdict.points > verdict.max_points + 1e-6:
        raise ValueError(f"points: {verdict.points} of {verdict.max_points}.")
    if verdict.status in (Status.INVALID, Status.ERROR):
        return
    points, _ = total_of(verdict.checks, verdict.steps)
    if abs(points - verdict.points) > 1e-5:
        raise ValueError(f"points: {verdict.points}, but checks and steps give {points}.")
    expected = status_of(verdict.checks, verdict.steps)
    if expected is not verdict.status:
        raise ValueError(f"status: {verdict.status}, but checks and steps give {expected}.")


_JSON = frozenset((int, bool, type(None)))  # these exactly are what they will be
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind))
    for kind in (
        Counterexample,
        CheckResult,
        StepResult,
        PerformanceResult,
        Usage,
        Environment,
        Verdict,
    )
}


def _plain(value: Any) -> object:
    """Dataclasses to JSON data. Half characters and control characters (which databases refuse and
    JSON makes six times as long) are replaced; of the latter all but tab and line ends.
    """
    kind = type(value)
    if kind is str:
        return value if value.isascii() and value.isprintable() else _cleaned(value)
    if kind in _JSON:
        return value
    if kind in _FIELDS:
        return {name: _plain(getattr(value, name)) for name in _FIELDS[kind]}
    return _plain_of_other(value)


def _plain_of_other(value: object) -> object:
    """What is rare or of a subclass. Raises: TypeError."""
    if isinstance(value, str):  # the enumerations
        return _cleaned(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"A {type(value).__name__} cannot be part of a verdict.")


def _cleaned(text: str) -> str:
    return str(text).translate(_PICTURES).encode("utf-8", "replace").decode()


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
