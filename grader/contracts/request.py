"""What a worker says: a job, and the bundle of a version that the daemon lacks."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, field_validator

from grader.contracts.base import BUNDLE_BYTES, PART_BYTES, PARTS_BYTES, Hex, Line, Version

_PART_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.(py|json)")


class Op(StrEnum):
    """What a worker asks for."""

    GRADE = "grade"
    RUN = "run"
    PREPARE = "prepare"
    CONSOLE = "console"
    VERIFY = "verify"
    EXAMPLES = "examples"  # what the visible checks ask and expect
    ANSWERS = "answers"  # right and mistaken answers for some numbers; never over the socket


class Parts(StrEnum):
    """Which part of an exercise a job grades."""

    ALL = "all"
    VISIBLE = "visible"
    CORRECTNESS = "correctness"
    SPEED = "speed"


class Overrides(Line):
    """What an assignment changes about one exercise; what is not named stays the exercise's own."""

    limits: dict[str, float] = Field(
        default_factory=dict
    )  # names of `[limits]`; the host clips them
    thresholds: dict[str, tuple[tuple[float, float], ...]] = Field(
        default_factory=dict, max_length=8
    )  # of `[performance.NAME]`


class Request(Line):
    """The worker's first line: one job. Its parts follow as raw bytes, in the order of `bytes`."""

    op: Op
    job: str = Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")
    version: Version
    parts: Parts = Parts.ALL
    seed: Hex = "0"  # 128 bits, hexadecimal: the source of every draw
    numbers: dict[str, Any] | None = None  # this student's stored numbers
    student_seed: Hex | None = None  # `prepare` draws the numbers from it
    seeds: int = Field(default=5, ge=1, le=1000)  # `verify`: how many
    timing: bool = True  # `verify`: timed checks too
    measure: bool = False  # `verify`: say what derived.json should hold, whatever it holds
    stop_at_failure: bool = False  # whether it fails is all: no check after it, no mistake named
    overrides: Overrides = Overrides()
    fair_key: str = Field(default="", max_length=128)
    deadline_seconds: float = Field(
        default=600.0, gt=0, le=7200
    )  # from this line on, waiting included
    bytes: dict[str, int] = Field(default_factory=dict)  # part name -> length

    @field_validator("bytes")
    @classmethod
    def _named_and_bounded(cls, parts: dict[str, int]) -> dict[str, int]:
        if len(parts) > 8:
            raise ValueError("at most 8 parts")
        for name, length in parts.items():
            if not _PART_NAME.fullmatch(name):
                raise ValueError(f"{name[:60]!r} is no part name, such as 'solution.py'")
            if not 0 <= length <= PART_BYTES:
                raise ValueError(f"{name} has {length} bytes; at most {PART_BYTES} are allowed")
        if sum(parts.values()) > PARTS_BYTES:
            raise ValueError(f"the parts have more than {PARTS_BYTES} bytes together")
        return parts

    @property
    def payload(self) -> int:
        return sum(self.bytes.values())


class Bundle(Line):
    """The worker's answer to `need`: bytes of `grader.exercise.bundle`; 0 = it has none either."""

    op: Literal["bundle"] = "bundle"
    version: Version
    bytes: int = Field(ge=0, le=BUNDLE_BYTES)

    @property
    def payload(self) -> int:
        return self.bytes
