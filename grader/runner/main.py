"""The student's end of a session: loads one file, then answers calls until the stream closes.

It runs inside the sandbox, in the same process as the student's code, which may do with it
whatever it likes. So it holds no secret, decides
nothing, and all that it says is a claim. On the stream it is strict: LOAD first, then CALL and
DROP, one call at a time.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from grader.frames import (
    Call,
    Caps,
    Frame,
    FrameError,
    Kind,
    Load,
    Meta,
    Op,
    RaisedException,
    Stream,
    StreamClosed,
)
from grader.frames.encoding import Buffer
from grader.runner import device
from grader.runner.exceptions import arriving, crossing
from grader.runner.floats import FloatWatch
from grader.runner.loading import load, public_names
from grader.runner.memory import Earlier, Snapshot, leaves
from grader.runner.objects import Objects


def run(stream_socket: socket.socket, caps: Caps | None = None) -> None:
    """Serve the session until the checker closes the stream. The working folder is the student's.

    Raises: FrameError where the checker breaks the protocol: a fault of ours.
    """
    runner = Runner(lambda objects: Stream(stream_socket, caps or Caps(), objects))
    with suppress(StreamClosed):
        runner.serve()


class Channel(Protocol):
    """The runner's end of what carries frames: a `Stream`, or what stands for one."""

    def encode(self, value: object) -> tuple[list[Buffer], int]: ...

    def send_encoded(self, kind: Kind, call_id: int, parts: list[Buffer], size: int) -> None: ...

    def receive(self) -> Frame: ...


class Runner:
    """One session."""

    def __init__(self, connect: Callable[[Objects], Channel]) -> None:
        self.objects = Objects(self.ask)
        self.stream = connect(self.objects)
        self.filename = ""
        self.module: ModuleType | None = None
        self.floats: FloatWatch | None = None
        self.earlier = Earlier()
        self.call_id: int | None = None  # of the call that runs
        self.thread = 0  # that runs it
        self.settle: Callable[[], None] = _nothing
        self.broken: Exception | None = None

    def serve(self) -> None:
        """Answer until the stream closes. Raises: StreamClosed, FrameError."""
        self.load(self.stream.receive())
        while True:
            self.take(self.stream.receive())

    def take(self, frame: Frame) -> None:
        """Do what one frame says. Raises: FrameError."""
        if frame.kind is Kind.CALL:
            self.answer(frame)
        elif frame.kind is Kind.DROP:
            self.objects.drop(frame.value)
        else:
            raise FrameError(f"a {frame.kind.name} came where a call was due")
        if self.broken is not None:
            raise self.broken

    def load(self, frame: Frame) -> None:
        """Load the file and say READY or RAISED."""
        if frame.kind is not Kind.LOAD:
            raise FrameError(f"a {frame.kind.name} came before the file")
        request = Load.parse(frame.value)
        self.filename = request.filename
        body: Any
        kind = Kind.READY
        try:
            if request.device is not None:
                self.objects.device = request.device
                self.settle = device.prepare(sys.modules["torch"], request.device)
            self.module = load(request, Path.cwd())
            body = public_names(self.module)
            self.floats = FloatWatch(self.filename)
        except BaseException as error:  # noqa: BLE001 - sys.exit() at import is an exception like others
            kind, body = Kind.RAISED, (crossing(error, self.filename), None)
        _flush()
        self.stream.send_encoded(kind, frame.call_id, *self.stream.encode(body))

    def answer(self, frame: Frame) -> None:
        """Run one call and say RESULT or RAISED."""
        call = Call.parse(frame.value)
        if self.module is None:
            raise FrameError("a call came for a file that could not be loaded")
        self.call_id, self.thread = frame.call_id, threading.get_ident()
        try:
            kind, (parts, size) = Kind.RESULT, self.encoded(self.outcome(call))
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like cross as what they are
            kind, (parts, size) = Kind.RAISED, self.raised(error)
        self.call_id = None
        _flush()
        self.stream.send_encoded(kind, frame.call_id, parts, size)

    def encoded(self, body: tuple[Any, Any]) -> tuple[list[Any], int]:
        """Encode a result. Raises: TypeError, for a value that no check could use."""
        try:
            return self.stream.encode(body)
        except FrameError as error:
            raise TypeError(f"the result cannot be used: {error}") from None

    def raised(self, error: BaseException) -> tuple[list[Any], int]:
        found = () if self.floats is None else self.floats.found()
        body = (crossing(error, self.filename), Meta(warnings=found).body())
        return self.stream.encode(body)

    def outcome(self, call: Call) -> tuple[Any, Any]:
        """Return the body of the RESULT. Raises: whatever the student's code raises."""
        assert self.floats is not None
        self.floats.forget()
        if call.light or call.op not in (Op.CALL, Op.NEXT):
            value = self.perform(call)
            self.settle()
            return self.kept(call, value), None
        snapshot = Snapshot(call.args, call.kwargs, self.objects.is_kept)
        with self.floats.watch():
            value = self.perform(call)
            self.settle()
        meta = self.seen(call, snapshot, value)
        return self.kept(call, value), meta.body()

    def kept(self, call: Call, value: Any) -> Any:
        return self.objects.keep(value) if call.keep else value

    def seen(self, call: Call, snapshot: Snapshot, value: Any) -> Meta:
        """Look at arguments and result after a call."""
        assert self.floats is not None
        changed, warnings = snapshot.changed(), self.floats.found()
        extents = [] if call.keep else list(leaves(value, self.objects.is_kept))
        aliases = snapshot.aliases(extents)
        earlier = self.earlier.shared_by(extents)
        return Meta(changed, aliases, earlier, warnings)

    def perform(self, call: Call) -> Any:
        """Do what the call says."""
        if call.op is Op.KEEP:
            return self.objects.keep(call.args[0])
        subject = self.subject(call.subject)
        if call.op is Op.CALL:
            target = getattr(subject, call.name) if call.name else subject
            return target(*call.args, **call.kwargs)
        if call.op is Op.GET:
            return getattr(subject, call.name)
        if call.op is Op.HAS:
            return _has(subject, call.name)
        if call.op is Op.ITER:
            return self.objects.keep(iter(subject))
        return next(subject) if call.op is Op.NEXT else subject

    def subject(self, subject: int | str | None) -> Any:
        """Return the object behind a handle, a given module, or the student's module."""
        if subject is None:
            return self.module
        if isinstance(subject, int):
            return self.objects.get(subject)
        return import_module(subject)

    def ask(self, callback: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Let the checker answer a function of its own. Raises: what it raised there."""
        if self.call_id is None or self.thread != threading.get_ident():
            raise RuntimeError("this function works only inside the call, in its own thread")
        call_id = self.call_id
        try:
            parts, size = self.stream.encode((callback, args, kwargs))
        except FrameError as error:
            raise TypeError(str(error)) from None
        self.stream.send_encoded(Kind.ASK, call_id, parts, size)
        frame = self.stream.receive()
        if frame.call_id == call_id and frame.kind is Kind.ANSWER:
            return frame.value
        if frame.kind is Kind.ANSWER_ERROR and isinstance(frame.value, RaisedException):
            raise arriving(frame.value)
        self.broken = FrameError(f"a {frame.kind.name} came where an answer was due")
        raise self.broken


def _has(subject: Any, dotted: str) -> bool:
    for part in dotted.split("."):
        if not hasattr(subject, part):
            return False
        subject = getattr(subject, part)
    return True


def _nothing() -> None:
    """What there is to wait for without a device."""


def _flush() -> None:
    """Push out what was printed, so that it comes before the answer."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
