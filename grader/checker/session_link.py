"""A link to a session: a process in a sandbox of its own, which prints and ends."""

from __future__ import annotations

from contextlib import suppress

from grader.checker.channel import Wire
from grader.checker.link import Budget, Link, SessionLost
from grader.errors import HostError, Outcome
from grader.exercise.limits import Limits
from grader.frames import FrameError, Stream, StreamClosed, StreamTimeout
from grader.sandbox.session import Session


class SessionLink(Link):
    """The link of a role whose code runs in a sandbox."""

    def __init__(self, session: Session, limits: Limits, budget: Budget, wire: Wire) -> None:
        super().__init__(limits, budget, wire)
        self.session = session
        stream = Stream(session.stream, hooks=self)
        stream.watch(session.output, self.printed.take)
        self.stream = stream

    def cpu_seconds(self) -> float:
        return self.session.cpu_seconds()

    def close(self, outcome: Outcome | None = None) -> None:
        with suppress(StreamClosed, FrameError, StreamTimeout, SessionLost, OSError, ValueError):
            self.stream.drain()
        with suppress(HostError, OSError):
            self.ending = self.session.close(outcome)
