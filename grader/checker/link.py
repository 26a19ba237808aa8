"""What a role is asked over: frames out and in, callbacks, what was printed, deadlines, the end.

Whatever comes back is a claim by the student. A frame that breaks the protocol, an end of the
process, a passed deadline or too much output loses the session with a named outcome; nothing else
is concluded. Where the frames go, a subclass says: to a session, or to a runner in this process.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from typing import Any

from grader.authoring.judging import CheckFailed, Raised
from grader.checker.channel import Channel, Wire
from grader.errors import ExerciseError, Outcome
from grader.exercise.limits import Limits
from grader.frames import (
    Call,
    Callback,
    Frame,
    FrameError,
    Handle,
    Kind,
    Load,
    Meta,
    RaisedException,
    Record,
    StreamClosed,
    StreamTimeout,
)
from grader.frames.messages import parse_ask, parse_raised, parse_ready, parse_result
from grader.sandbox.outcomes import classify
from grader.sandbox.session import Ending

SHOWN_BYTES = 16 * 1024 - 128  # of what was printed, for each check; a verdict takes 16 KiB
HALF = SHOWN_BYTES // 2


class SessionLost(Exception):
    """The session is gone: the named outcome says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class CallRaised(Exception):
    """The called code raised; the session goes on."""

    def __init__(self, exception: RaisedException, meta: Meta) -> None:
        super().__init__(exception.message)
        self.exception, self.meta = exception, meta


class Budget:
    """The seconds of a job. Time that the host needed to open sessions is given back."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def deadline(self, seconds: float) -> tuple[float, Outcome]:
        """Return when a call of at most `seconds` ends, and what it is called when it does."""
        wall = time.monotonic() + seconds
        return (wall, Outcome.WALL) if wall <= self.end else (self.end, Outcome.JOB)


class Printed:
    """What a session printed: head and tail are kept, all of it is counted against the limit."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.total = 0
        self.shows = True  # False: what comes is counted and not kept
        self._shown = 0
        self._head = bytearray()
        self._tail = bytearray()

    def take(self, data: bytes) -> None:
        """Raises: SessionLost when the limit is passed."""
        self.total += len(data)
        if self.shows:
            self._shown += len(data)
            room = HALF - len(self._head)
            self._head += data[:room]
            self._tail += data[room:] if room > 0 else data
            del self._tail[:-HALF]
        if self.total > self.limit_bytes:
            raise SessionLost(Outcome.OUTPUT)

    def text(self) -> str:
        """Return what was printed since the last call, at most 16 KiB, and forget it."""
        left_out = self._shown - len(self._head) - len(self._tail)
        between = f"\n… {left_out} bytes left out …\n".encode() if left_out else b""
        text = (bytes(self._head) + between + bytes(self._tail)).decode("utf-8", "replace")
        self._shown, self._head, self._tail = 0, bytearray(), bytearray()
        return text


class Link(ABC):
    """The protocol's state machine over one channel. After `SessionLost` it is closed."""

    stream: Channel

    def __init__(self, limits: Limits, budget: Budget, wire: Wire) -> None:
        self.limits, self.budget, self.wire = limits, budget, wire
        self.printed = Printed(limits.output_kib * 1024)
        self.lost: Outcome | None = None
        self.ending: Ending | None = None  # once closed
        self.seconds = 0.0  # of the last call: first byte out to last byte in
        self._calls = 0
        self._busy = False
        self._callbacks: list[Callable[..., Any]] = []
        self._failed: Exception | None = None  # in a callback: raised again after the call
        self._handles: Counter[int] = Counter()  # proxies that stand for each object
        self._dropped: set[int] = set()

    def load(self, load: Load) -> dict[str, str]:
        """Import the file; return its public names. Raises: CallRaised, SessionLost."""
        frame = self._exchange(Kind.LOAD, load.body())
        with self._losing():
            if frame.kind is not Kind.READY:
                raise self._raised(frame)
            return parse_ready(frame.value)
        raise AssertionError  # for the type checker: what is lost was raised

    def call(self, call: Call) -> tuple[Any, Meta]:
        """Make one call.

        Raises: CallRaised, SessionLost; CheckFailed, Raised, ExerciseError of a callback.
        """
        frame = self._exchange(Kind.CALL, call.body())
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed
        with self._losing():
            if frame.kind is not Kind.RESULT:
                raise self._raised(frame)
            return parse_result(frame.value)
        raise AssertionError  # for the type checker: what is lost was raised

    def hold(self, handle: int) -> None:
        """Count one more proxy for an object of the session."""
        self._handles[handle] += 1

    def drop(self, handle: int) -> None:
        """Count one less; without any the session forgets the object before the next call."""
        self._handles[handle] -= 1
        self._dropped.add(handle)

    def check_silence(self) -> None:
        """Lose the session where it said something unasked. Raises: SessionLost."""
        with self._losing():
            self.stream.check_silence()

    @abstractmethod
    def cpu_seconds(self) -> float:
        """Return the processor time so far."""

    @abstractmethod
    def close(self, outcome: Outcome | None = None) -> None:
        """End it (idempotent). `outcome`: what is known about the reason."""

    def _exchange(self, kind: Kind, body: tuple[Any, ...]) -> Frame:
        if self.lost is not None:
            raise SessionLost(self.lost)
        if self._busy:
            raise RuntimeError("a callback may not call the session that asked it")
        parts, size = self.stream.encode(body)
        deadline, name = self.budget.deadline(self.limits.wall_seconds)
        self._busy, self._calls = True, self._calls + 1
        try:
            with self._losing(late=name):
                self.stream.check_silence()
                self._send_dropped(deadline)
                self.stream.send_encoded(kind, self._calls, parts, size, deadline=deadline)
                began = self.stream.sent_at
                frame = self._await(deadline)
                self.seconds = self.stream.received_at - began
                self.stream.drain()
                return frame
        finally:
            self._busy = False

    def _await(self, deadline: float) -> Frame:
        while True:
            frame = self.stream.receive(deadline)
            if frame.call_id != self._calls:
                raise FrameError("an answer to another question")
            if frame.kind is not Kind.ASK:
                return frame
            self.answer(frame, deadline)

    def answer(self, question: Frame, deadline: float) -> None:
        """Call the function that the code asked for and send what it returned or raised."""
        callback, args, kwargs = parse_ask(question.value)
        if callback >= len(self._callbacks):
            raise FrameError("a question to a callback that does not exist")
        try:
            value = self._callbacks[callback](*args, **kwargs)
            parts, size = self.stream.encode(value)
            kind = Kind.ANSWER
        except SessionLost:
            raise
        except Exception as error:  # noqa: BLE001 -- the student's code sees it as its own call's
            if isinstance(error, CheckFailed | Raised | ExerciseError):  # whatever the student does
                self._failed = self._failed or error
            kind, (parts, size) = Kind.ANSWER_ERROR, self.stream.encode(_as_raised(error))
        self.stream.send_encoded(kind, self._calls, parts, size, deadline=deadline)

    def _send_dropped(self, deadline: float) -> None:
        if self._dropped:
            dropped = tuple(handle for handle in self._dropped if self._handles[handle] <= 0)
            self._dropped = set()
            self.stream.send_encoded(Kind.DROP, 0, *self.stream.encode(dropped), deadline=deadline)

    def _raised(self, frame: Frame) -> CallRaised:
        if frame.kind is not Kind.RAISED:
            raise FrameError("an answer of another kind")
        return CallRaised(*parse_raised(frame.value))

    def _losing(self, late: Outcome = Outcome.WALL) -> _Losing:
        return _Losing(self, late)

    def lose(self, outcome: Outcome) -> None:
        """Close the session; what the sandbox says about its end goes before what was guessed."""
        if self.lost is None:
            self.lost = outcome
            self.close(outcome if outcome is not Outcome.DIED else None)
            if outcome is Outcome.DIED:
                self.lost = classify(self.ending, self.limits) or outcome

    def to_wire(self, value: object) -> Record:
        """Hook of the stream: what stands for a value that cannot cross."""
        handle = self.wire.to_handle(value)
        if handle is not None:
            return handle
        if callable(value):
            for number, known in enumerate(self._callbacks):
                if known is value:
                    return Callback(number)
            self._callbacks.append(value)
            return Callback(len(self._callbacks) - 1)
        raise FrameError(f"a {type(value).__name__} cannot be passed to a session")

    def from_wire(self, record: Record) -> object:
        """Hook of the stream: what a check sees of a record that arrived."""
        if isinstance(record, Handle):
            return self.wire.from_handle(record)
        if isinstance(record, Callback) and record.id < len(self._callbacks):
            return self._callbacks[record.id]
        if isinstance(record, RaisedException):
            return record
        raise FrameError("a record that may not come from a session")


class _Losing:
    """Turns what goes wrong on the stream into `SessionLost`."""

    def __init__(self, link: Link, late: Outcome) -> None:
        self.link, self.late = link, late

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        match error:
            case SessionLost() if self.link.lost is None:
                outcome = error.outcome
            case FrameError():
                outcome = Outcome.FRAME
            case StreamTimeout():
                outcome = self.late
            case StreamClosed() | ConnectionError():
                outcome = Outcome.DIED
            case _:
                return
        self.link.lose(outcome)
        raise SessionLost(self.link.lost or outcome) from None


def _as_raised(error: Exception) -> RaisedException:
    names = tuple(kind.__name__ for kind in type(error).__mro__ if kind is not object)[:32]
    return RaisedException(names, str(error).encode()[:2000].decode("utf-8", "ignore"))
