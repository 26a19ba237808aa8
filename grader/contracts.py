"""Every line that crosses the grader's socket, both ways (docs/contributors/protocol.md).

The platform's client and the daemon share these models; the checker's lines to the daemon are the
same ones plus `error`. A line is one JSON object of at most `LINE_BYTES`, ended by a newline; where
a model's `payload` is above 0, that many raw bytes follow it. Whoever reads a line parses it here
before doing anything with it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

T = TypeVar("T")
PROTOCOL = 1
LINE_BYTES = 1 << 20
PART_BYTES = 1 << 20  # one named part of a submission
PARTS_BYTES = 2 << 20  # all parts together
BUNDLE_BYTES = 34 << 20  # a version of 32 MiB and the archive's own headers
ARTIFACT_BYTES = 256 << 10  # one figure
ARTIFACTS_BYTES = 2 << 20  # all figures of one job
PREPARED_BYTES = 64 << 10
ALIVE_SECONDS = 2.0  # the daemon says `alive` this often, whatever else it says

_PART_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.(py|json)")
Version = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]


class LineError(ValueError):
    """A line that is no valid line of this protocol; the message names the field."""


class Op(StrEnum):
    """What a worker asks for."""

    GRADE = "grade"
    RUN = "run"
    PREPARE = "prepare"
    CONSOLE = "console"
    VERIFY = "verify"
    ANSWERS = "answers"  # right and mistaken answers for some numbers; never over the socket


class Parts(StrEnum):
    """Which part of an exercise a job grades."""

    ALL = "all"
    VISIBLE = "visible"
    CORRECTNESS = "correctness"
    SPEED = "speed"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @property
    def payload(self) -> int:
        """How many raw bytes follow the line."""
        return 0


class Overrides(_Line):
    """What an assignment changes about one exercise; what is not named stays the exercise's own."""

    limits: dict[str, float] = Field(
        default_factory=dict
    )  # names of `[limits]`; the host clips them
    thresholds: dict[str, tuple[tuple[float, float], ...]] = Field(
        default_factory=dict, max_length=8
    )  # of `[performance.NAME]`


class Request(_Line):
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


class Bundle(_Line):
    """The worker's answer to `need`: bytes of `grader.exercise.bundle`; 0 = it has none either."""

    op: Literal["bundle"] = "bundle"
    version: Version
    bytes: int = Field(ge=0, le=BUNDLE_BYTES)

    @property
    def payload(self) -> int:
        return self.bytes


class Hello(_Line):
    """The daemon's first line to everyone who connects."""

    event: Literal["hello"] = "hello"
    protocol: int = PROTOCOL
    engine: str
    flavours: list[str]  # what this host can grade
    warm: list[str]  # of these (and "checker"), which have a warm zygote by now
    slots: int
    gpus: int = 0  # that can be leased now or later, where "torch-cuda" is among the flavours
    guarantees: list[str] = Field(default_factory=list)


class Queued(_Line):
    """Waiting for a slot; said again whenever the position changes."""

    event: Literal["queued"] = "queued"
    position: int = Field(ge=1)  # 1 = next


class Need(_Line):
    """The daemon has no copy of this version; the worker sends a `bundle`."""

    event: Literal["need"] = "need"
    version: Version


class Started(_Line):
    """A slot was taken and the checker knows what it will do."""

    event: Literal["started"] = "started"
    checks: list[dict[str, Any]] = Field(default_factory=list)  # id, title, visible, max_points


class Check(_Line):
    """One check began (`running`) or ended (its result as in the verdict)."""

    model_config = ConfigDict(extra="allow", frozen=True)
    event: Literal["check"] = "check"
    id: str = Field(max_length=128)
    status: Literal["running", "passed", "failed", "skipped", "pending", "error"]


class Gate(_Line):
    """One gate of `verify`: what was tried, with which seed, and whether it held."""

    event: Literal["gate"] = "gate"
    exercise: str
    gate: str  # manifest, points, reference, right, starter, wrong, ...
    subject: str = ""  # the file it is about
    seed: str = ""
    passed: bool
    message: str = ""
    killed_by: list[str] = Field(default_factory=list)  # checks that a wrong file failed
    told: str | None = None  # the mistake that a student is told
    seconds: float = 0.0


class Artifact(_Line):
    """Figure data, raw bytes after the line. Comes before the verdict that names it by hash."""

    event: Literal["artifact"] = "artifact"
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(max_length=128)
    media: str = Field(max_length=64)
    bytes: int = Field(ge=0, le=ARTIFACT_BYTES)

    @property
    def payload(self) -> int:
        return self.bytes


class VerdictLine(_Line):
    """The end of grade and run: the verdict as `grader.verdict` writes it."""

    event: Literal["verdict"] = "verdict"
    verdict: dict[str, Any]
    final: bool = False  # of status `error`: the exercise is at fault, another try ends the same


class Prepared(_Line):
    """The end of prepare: what a page needs before anything is submitted."""

    event: Literal["prepared"] = "prepared"
    numbers: dict[str, Any] | None = None
    starter: str | None = None
    form: dict[str, Any] | None = None
    figure: dict[str, Any] | None = None


class Console(_Line):
    """The end of console: what was printed and the value of the last expression."""

    event: Literal["console"] = "console"
    output: str = ""
    value: str = ""


class Answers(_Line):
    """The end of answers: sheets with every answer right, with each mistake, with mistakes only."""

    event: Literal["answers"] = "answers"
    right: dict[str, Any]
    mistakes: dict[str, dict[str, Any]] = Field(default_factory=dict)
    tolerances: dict[str, float] = Field(default_factory=dict)  # measured anew, by step
    wrong: dict[str, Any] = Field(default_factory=dict)  # first mistake, no quiz item right


class Verified(_Line):
    """The end of verify: how many gates there were, and how many are red."""

    event: Literal["verified"] = "verified"
    gates: int
    red: int


class Refused(_Line):
    """The end of anything that could not be done; `why` is complete and fit for staff."""

    event: Literal["refused"] = "refused"
    why: str = Field(max_length=4096)
    final: bool = False  # the exercise is at fault, another try ends the same


class Alive(_Line):
    """The daemon still works on it."""

    event: Literal["alive"] = "alive"


class CheckerError(_Line):
    """Checker to daemon only: the author's code or the engine failed; ends as status `error`."""

    event: Literal["error"] = "error"
    message: str
    trace: str = ""
    final: bool = True  # the author's code, not this host: another try ends the same


Reply = (
    Hello | Queued | Need | Started | Check | Gate | Artifact | VerdictLine | Prepared | Console
    | Verified | Refused | Alive
)  # fmt: skip
FromChecker = (
    Started | Check | Artifact | VerdictLine | Prepared | Console | Answers | CheckerError
)  # fmt: skip

_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
_BUNDLE: TypeAdapter[Bundle] = TypeAdapter(Bundle)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="event")])
_CHECKER: TypeAdapter[FromChecker] = TypeAdapter(
    Annotated[FromChecker, Field(discriminator="event")]
)
LAST = (VerdictLine, Prepared, Console, Answers, Verified, Refused)  # a job ends with one of these


def encode_line(line: BaseModel) -> bytes:
    """Write a model as one line. Raises: LineError where it is longer than `LINE_BYTES`."""
    data = line.model_dump_json().encode() + b"\n"
    if len(data) > LINE_BYTES:
        raise LineError(f"a line of {len(data)} bytes; at most {LINE_BYTES} are allowed")
    return data


def parse_request(data: bytes) -> Request:
    """Read a worker's first line. Raises: LineError."""
    return _parse(_REQUEST, data)


def parse_bundle(data: bytes) -> Bundle:
    """Read a worker's answer to `need`. Raises: LineError."""
    return _parse(_BUNDLE, data)


def parse_reply(data: bytes) -> Reply:
    """Read a line of the daemon. Raises: LineError."""
    return _parse(_REPLY, data)


def parse_checker(data: bytes) -> FromChecker:
    """Read a line of a checker. Raises: LineError."""
    return _parse(_CHECKER, data)


def _parse(adapter: TypeAdapter[T], data: bytes) -> T:
    if len(data) > LINE_BYTES:
        raise LineError(f"a line of more than {LINE_BYTES} bytes")
    try:
        return adapter.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "line"
        raise LineError(f"{where}: {first['msg']}"[:500]) from None
