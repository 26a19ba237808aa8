"""The record of one grading, and grading it again: the verdict must be the same.

A record holds what a verdict never does: seed, numbers and submission. It is for staff.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.contracts import Hex, Overrides, Parts, Version
from grader.errors import GraderError

MAX_RECORD_BYTES = 8 << 20


class Record(BaseModel):
    """Everything that a verdict was made of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: int = Field(default=1, ge=1, le=1)
    exercise: str
    version: Version
    seed: Hex
    parts: Parts
    numbers: dict[str, Any] | None = None
    overrides: Overrides = Overrides()
    submission: dict[str, str]  # part name -> base64
    verdict: dict[str, Any]

    def parts_bytes(self) -> dict[str, bytes]:
        """Return the submission. Raises: RecordError."""
        try:
            return {
                name: base64.b64decode(text, validate=True)
                for name, text in self.submission.items()
            }
        except ValueError as error:
            raise RecordError(f"submission: no base64: {error}") from error


class RecordError(GraderError):
    """A file that is no record."""


@dataclass(frozen=True)
class Difference:
    """One value that is not the same again; `path` is like `checks.2.message`."""

    path: str
    then: object
    now: object


def write_record(path: Path, record: Record) -> None:
    """Write a record, readable by its owner alone. Raises: RecordError."""
    try:
        path.touch(mode=0o600)
        path.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise RecordError(f"{path} cannot be written: {error.strerror}.") from error


def read_record(path: Path) -> Record:
    """Read a record. Raises: RecordError that names the field."""
    try:
        if path.stat().st_size > MAX_RECORD_BYTES:
            raise RecordError(f"{path} has more than {MAX_RECORD_BYTES} bytes.")
        return Record.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise RecordError(f"{path}: {where}: {first['msg']}") from None


def encode_submission(submission: dict[str, bytes]) -> dict[str, str]:
    """Return the parts as a record holds them."""
    return {name: base64.b64encode(data).decode() for name, data in submission.items()}


def differences(then: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
    """Compare two verdicts but for what no two runs share: times, usage, measured ratios.

    Where timing decided points, those points may differ too, and so may their sums.
    """
    timed = {part["id"] for part in (*then["performance"], *now["performance"])}
    found: list[Difference] = []
    _compare("", _lasting(then, timed), _lasting(now, timed), found)
    return found


def _lasting(verdict: dict[str, Any], timed: set[str]) -> dict[str, Any]:
    """Return the part of a verdict that seed, numbers and submission decide alone."""
    kept: dict[str, Any] = json.loads(json.dumps(verdict))
    for name in ("usage", "environment"):
        kept.pop(name, None)
    if timed:
        for name in ("points", "status"):
            kept.pop(name, None)
    kept["performance"] = [
        {key: part[key] for key in ("id", "metric", "thresholds")} for part in kept["performance"]
    ]
    for check in kept["checks"]:
        del check["seconds"]
        if check["id"] in timed:
            for name in ("points", "message", "status", "figures"):
                del check[name]
    return kept


def _compare(path: str, then: object, now: object, found: list[Difference]) -> None:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted({*then, *now}):
            _compare(f"{path}.{key}".lstrip("."), then.get(key), now.get(key), found)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (one, other) in enumerate(zip(then, now, strict=True)):
            _compare(f"{path}.{index}", one, other, found)
    elif then != now:
        found.append(Difference(path, then, now))
