"""Real sandboxes for these tests, with an entry that executes whatever a test sends."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from grader.exercise.limits import Limits
from grader.sandbox.flavours import Flavour, standard_flavours
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.output import OutputReader
from grader.sandbox.session import Ending, SandboxProcess, Session
from grader.sandbox.zygotes import ZygoteBackend

ANSWER_SECONDS = 20.0
NewBackend = Callable[..., ZygoteBackend]


@dataclass(frozen=True)
class Answer:
    """What one piece of code answered; `died` where nothing came back."""

    values: list[Any] = field(default_factory=list)
    raised: tuple[str, ...] = ()
    message: str = ""
    died: bool = False

    @property
    def value(self) -> Any:
        assert not self.raised, f"{self.raised[0]}: {self.message}"
        assert not self.died, "the session died"
        (only,) = self.values
        return only


def tell(process: SandboxProcess, code: str, *, wait: bool = True) -> Answer:
    """Have code executed in a session (or checker) and return what it answered."""
    sock = process.stream if isinstance(process, Session) else process.job  # type: ignore[attr-defined]
    sock.settimeout(ANSWER_SECONDS)
    line = b""
    try:
        sock.sendall(json.dumps(textwrap.dedent(code)).encode() + b"\n")
        if not wait:
            return Answer()
        while not line.endswith(b"\n"):
            data = sock.recv(65536)
            if not data:
                return Answer(died=True)
            line += data
    except (BrokenPipeError, ConnectionResetError):
        return Answer(died=True)
    reply = json.loads(line)
    return Answer(reply["answers"], tuple(reply.get("raised", ())), reply.get("message", ""))


def raw_flavours() -> dict[str, Flavour]:
    entry = ((Path(__file__).parent / "raw_entry.py", "/engine/raw_entry.py"),)
    return {
        name: replace(flavour, entry="raw_entry:run", extra=entry)
        for name, flavour in standard_flavours().items()
    }


@pytest.fixture(scope="session")
def backend(new_backend: NewBackend) -> Iterator[ZygoteBackend]:
    with new_backend(flavours=raw_flavours()) as started:
        yield started


@pytest.fixture(scope="session")
def backend_without_groups(new_backend: NewBackend) -> Iterator[ZygoteBackend]:
    """As on a host that offers no control groups."""
    with new_backend(flavours=raw_flavours(), groups=Groups.none()) as started:
        yield started


@dataclass(frozen=True)
class Finished:
    answer: Answer
    ending: Ending
    output: str


Execute = Callable[..., Finished]


@pytest.fixture
def execute(backend: ZygoteBackend) -> Execute:
    """Return a function that runs one piece of code in a session of its own."""

    def run(
        code: str, *, flavour: str = "numpy", on: ZygoteBackend = backend, **limits: Any
    ) -> Finished:
        timed = limits.pop("timed", False)
        chosen = Limits(**limits)
        session = on.open(flavour, chosen, timed=timed)
        output = OutputReader(session.output, chosen)
        answer = tell(session, code)
        output.drain()
        return Finished(answer, session.close(), output.text())

    return run
