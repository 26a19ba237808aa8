"""What the daemon and the checker say, from the first line to the last."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from grader.contracts.base import ARTIFACT_BYTES, PROTOCOL, Line, Version


class Hello(Line):
    """The daemon's first line to everyone who connects."""

    event: Literal["hello"] = "hello"
    protocol: int = PROTOCOL
    engine: str
    flavours: list[str]  # what this host can grade
    warm: list[str]  # of these (and "checker"), which have a warm zygote by now
    slots: int
    gpus: int = 0  # that can be leased now or later, where "torch-cuda" is among the flavours
    guarantees: list[str] = Field(default_factory=list)


class Queued(Line):
    """Waiting for a slot; said again whenever the position changes."""

    event: Literal["queued"] = "queued"
    position: int = Field(ge=1)  # 1 = next


class Need(Line):
    """The daemon has no copy of this version; the worker sends a `bundle`."""

    event: Literal["need"] = "need"
    version: Version


class Started(Line):
    """A slot was taken and the checker knows what it will do."""

    event: Literal["started"] = "started"
    checks: list[dict[str, Any]] = Field(default_factory=list)  # id, title, visible, max_points


class Check(Line):
    """One check began (`running`) or ended (its result as in the verdict)."""

    model_config = ConfigDict(extra="allow", frozen=True)
    event: Literal["check"] = "check"
    id: str = Field(max_length=128)
    status: Literal["running", "passed", "failed", "skipped", "pending", "error"]

    @property
    def is_followed(self) -> bool:
        """After a check's result comes the next check's start, or the verdict."""
        return self.status != "running"


class GateCheck(Line):
    """One check of the file that a gate graded."""

    id: str
    title: str
    status: Literal["passed", "failed", "skipped", "pending", "error"]


class Gate(Line):
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
    checks: tuple[GateCheck, ...] = ()  # of the file, in the order in which they ran
    seconds: float = 0.0


class Artifact(Line):
    """Figure data, raw bytes after the line. Comes before the verdict that names it by hash."""

    event: Literal["artifact"] = "artifact"
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(max_length=128)
    media: str = Field(max_length=64)
    bytes: int = Field(ge=0, le=ARTIFACT_BYTES)

    @property
    def payload(self) -> int:
        return self.bytes


class VerdictLine(Line):
    """The end of grade and run: the verdict as `grader.verdict` writes it."""

    event: Literal["verdict"] = "verdict"
    verdict: dict[str, Any]
    final: bool = False  # of status `error`: the exercise is at fault, another try ends the same


class Prepared(Line):
    """The end of prepare: what a page needs before anything is submitted."""

    event: Literal["prepared"] = "prepared"
    numbers: dict[str, Any] | None = None
    starter: str | None = None
    form: dict[str, Any] | None = None
    figure: dict[str, Any] | None = None


class Console(Line):
    """The end of console: what was printed and the value of the last expression."""

    event: Literal["console"] = "console"
    output: str = ""
    value: str = ""


class Examples(Line):
    """The end of examples: what each visible check asks, step by step, and what it expects."""

    event: Literal["examples"] = "examples"
    checks: list[dict[str, Any]]


class Answers(Line):
    """The end of answers: sheets with every answer right, with each mistake, with mistakes only."""

    event: Literal["answers"] = "answers"
    right: dict[str, Any]
    mistakes: dict[str, dict[str, Any]] = Field(default_factory=dict)
    tolerances: dict[str, float] = Field(default_factory=dict)  # measured anew, by step
    wrong: dict[str, Any] = Field(default_factory=dict)  # first mistake, no quiz item right


class Measured(Line):
    """What derived.json holds of these files; nothing of both: they need none."""

    tolerances: dict[str, float] = Field(default_factory=dict)
    ratios: dict[str, float] = Field(default_factory=dict)


class Verified(Line):
    """The end of verify: how many gates there were, and how many are red."""

    event: Literal["verified"] = "verified"
    gates: int
    red: int
    measured: Measured | None = None  # where the request asked for it


class Refused(Line):
    """The end of anything that could not be done; `why` is complete and fit for staff."""

    event: Literal["refused"] = "refused"
    why: str = Field(max_length=4096)
    final: bool = False  # the exercise is at fault, another try ends the same


class Alive(Line):
    """The daemon still works on it."""

    event: Literal["alive"] = "alive"


class CheckerError(Line):
    """Checker to daemon only: the author's code or the engine failed; ends as status `error`."""

    event: Literal["error"] = "error"
    message: str
    trace: str = ""
    final: bool = True  # the author's code, not this host: another try ends the same


Reply = (
    Hello | Queued | Need | Started | Check | Gate | Artifact | VerdictLine | Prepared | Console
    | Examples | Verified | Refused | Alive
)  # fmt: skip
FromChecker = (
    Started | Check | Artifact | VerdictLine | Prepared | Console | Examples | Answers
    | CheckerError
)  # fmt: skip
# A job ends with one of these.
LAST = (VerdictLine, Prepared, Console, Examples, Answers, Verified, Refused)
