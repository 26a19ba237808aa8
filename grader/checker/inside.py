"""A link without a session: the author's reference runs in the checker's own process.

`solution.py` is the author's, as `checks.py` is, and both know what is right: a sandbox between
them protects nobody and costs more than all their calls together. So the runner that a session
would have is driven here: what crosses is copied, refused and answered in exactly the same way, and
only the process, its pipes and its death are missing. What the code sets
in its context (`np.seterr`) stays its own; a call that takes too long is interrupted.
"""

from __future__ import annotations

import contextvars
import linecache
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from grader.checker.channel import Wire
from grader.checker.link import Budget, Link
from grader.checker.plain import NotPlain, plain_copy
from grader.errors import Outcome
from grader.exercise.limits import Limits
from grader.frames import Frame, Kind, StreamTimeout
from grader.frames.codec import DEFAULT, decode, encode_parts
from grader.frames.decoding import FromWire
from grader.frames.encoding import ToWire
from grader.runner.loading import MODULE
from grader.runner.main import Runner
from grader.runner.objects import Objects

AGAIN_SECONDS = 1.0  # an interruption that was swallowed is repeated
NO_DEADLINE = 3600.0
Sent = tuple[Kind, int, list[Any]]  # kind, id of the call, what `packed` returned


class InsideLink(Link):
    """The link of the reference, where nothing of it needs a process of its own."""

    def __init__(self, limits: Limits, budget: Budget, wire: Wire) -> None:
        super().__init__(limits, budget, wire)
        self._inside = Inside(self)
        self.stream = self._inside

    def cpu_seconds(self) -> float:
        return time.thread_time()

    def close(self, outcome: Outcome | None = None) -> None:
        self._inside.forget()


class _Late(BaseException):
    """Interrupts the reference; its own `except Exception` does not catch it."""


class Inside:
    """The checker's end of a runner that works whenever it is sent something."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.sent_at = self.received_at = 0.0
        self.to_runner: deque[Sent] = deque()
        self.to_checker: deque[Sent] = deque()
        self._runner = Runner(lambda objects: _RunnersEnd(self, objects))
        self._context = contextvars.Context()
        self._outside = self._context  # of who calls: what a callback runs in
        self._deadline = 0.0
        self._late = False
        self._escaped: BaseException | None = None  # from a callback; no code may catch it
        self._handler = signal.signal(signal.SIGALRM, self._interrupt)

    def encode(self, value: object) -> tuple[list[Any], int]:
        return packed(value, self.link)

    def send_encoded(
        self,
        kind: Kind,
        call_id: int,
        parts: list[Any],
        size: int,
        *,
        deadline: float | None = None,
    ) -> None:
        """Hand the runner a frame; but for an answer, it has done its work when this returns.

        Raises: StreamTimeout, FrameError, what escaped from a callback.
        """
        self.to_runner.append((kind, call_id, parts))
        if kind in (Kind.ANSWER, Kind.ANSWER_ERROR):
            return
        self.sent_at = time.monotonic()
        self._deadline = self.sent_at + NO_DEADLINE if deadline is None else deadline
        self._outside = contextvars.copy_context()
        work = self._runner.load if kind is Kind.LOAD else self._runner.take
        self._interruptible(lambda: self._context.run(work, self._runner.stream.receive()))
        self.received_at = time.monotonic()

    def receive(self, deadline: float | None = None) -> Frame:
        """Return what the runner said. Raises: FrameError."""
        return opened(self.to_checker.popleft(), self.link)

    def forget(self) -> None:
        """Leave nothing of the file in this process."""
        signal.signal(signal.SIGALRM, self._handler)
        sys.modules.pop(MODULE, None)
        linecache.cache.pop(self._runner.filename, None)

    def check_silence(self) -> None:
        """Nothing comes unasked from code that does not run."""

    def drain(self) -> None:
        """What it prints goes where the checker itself prints."""

    def ask(self) -> None:
        """Let the checker answer the runner's question, in the context of who called."""
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        try:
            self._outside.run(self.link.answer, self.receive(), self._deadline)
        except BaseException as error:
            self._escaped = error
            raise
        self._set_alarm()

    def _interruptible(self, work: Callable[[], None]) -> None:
        with suppress(_Late):
            try:
                self._set_alarm()
                work()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0.0)
        escaped, self._escaped = self._escaped, None
        if escaped is not None:
            self.to_runner.clear()
            self.to_checker.clear()  # what the runner said to it
            raise escaped
        if self._late:
            raise StreamTimeout("no answer before the deadline")

    def _set_alarm(self) -> None:
        left = max(1e-6, self._deadline - time.monotonic())
        signal.setitimer(signal.ITIMER_REAL, left, AGAIN_SECONDS)

    def _interrupt(self, number: int, frame: object) -> None:
        self._late = True
        raise _Late


class _RunnersEnd:
    """What the runner takes for its stream."""

    def __init__(self, inside: Inside, objects: Objects) -> None:
        self.inside, self.objects = inside, objects

    def encode(self, value: object) -> tuple[list[Any], int]:
        return packed(value, self.objects)

    def send_encoded(self, kind: Kind, call_id: int, parts: list[Any], size: int) -> None:
        self.inside.to_checker.append((kind, call_id, parts))
        if kind is Kind.ASK:
            self.inside.ask()

    def receive(self) -> Frame:
        return opened(self.inside.to_runner.popleft(), self.objects)


def packed(value: object, hooks: ToWire) -> tuple[list[Any], int]:
    """Return what `opened` takes: a plain copy, else bytes. Raises: FrameError."""
    try:
        return [_Plain(plain_copy(value))], 0
    except NotPlain:
        return encode_parts(value, DEFAULT, hooks)


def opened(sent: Sent, hooks: FromWire) -> Frame:
    """Return the frame that was sent; nothing in it is shared with its sender."""
    kind, call_id, parts = sent
    if type(parts[0]) is _Plain:
        return Frame(kind, call_id, parts[0].value)
    return Frame(kind, call_id, decode(bytearray().join(parts), DEFAULT, hooks))


class _Plain:
    """A value that needed no bytes."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value
