"""How a checker gets sessions, although it can start nothing itself.

The checker runs author code, so the daemon trusts its requests no further than the job goes: only
the flavours of the exercise, limits no higher than the exercise's, a cap on sessions open at once
and in all. An opened session travels as three descriptors; from then on the checker owns it, and
its end closes them all.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from typing import Any

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.session import Backend, Session

MESSAGE_BYTES = 8192
OPEN_SECONDS = 240.0  # the first session of a flavour waits for its zygote
ROOM_SECONDS = 1.0  # a checker hears of the end of its session a moment before we do
MAX_OPEN = 8
MAX_TOTAL = 512


class BrokerRefused(HostError):
    """The daemon does not open what was asked for."""


class BrokerClient:
    """The checker's end."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._socket.settimeout(OPEN_SECONDS)

    def open(self, flavour: str, limits: Limits, timed: bool = False) -> Session:
        """Open a session. Raises: BrokerRefused, HostError."""
        request = {"flavour": flavour, "limits": limits.to_json(), "timed": timed}
        try:
            self._socket.send(json.dumps(request).encode())
            data, fds, _, _ = socket.recv_fds(self._socket, MESSAGE_BYTES, 3)
        except OSError as error:
            raise HostError(f"The daemon opens no session: {error}.") from error
        answer = json.loads(data) if data else {"failed": "it has gone"}
        if "refused" in answer:
            raise BrokerRefused(f"The daemon refuses to open a session: {answer['refused']}")
        if "opened" not in answer or len(fds) != 3:
            raise HostError(f"The daemon opens no session: {answer.get('failed')}")
        stream, control, output = fds
        return Session(socket.socket(fileno=stream), socket.socket(fileno=control), output)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one checker may ask for."""

    flavours: Collection[str]
    ceiling: Limits  # no field of a request may be higher
    core: int | None = None  # timed sessions run on this one
    max_open: int = MAX_OPEN
    max_total: int = MAX_TOTAL


def serve(sock: socket.socket, backend: Backend, allowance: Allowance) -> None:
    """Serve one checker until it closes its end; the daemon runs this in a thread of the job."""
    _Server(sock, backend, allowance).run()


class _Server:
    def __init__(self, sock: socket.socket, backend: Backend, allowance: Allowance) -> None:
        self._socket = sock
        self._backend = backend
        self._allowance = allowance
        self._changed = threading.Condition()
        self._open = 0
        self._total = 0

    def run(self) -> None:
        self._socket.settimeout(None)
        while True:
            try:
                data, fds, _, _ = socket.recv_fds(self._socket, MESSAGE_BYTES, 4)
                for fd in fds:  # nobody asked for any
                    os.close(fd)
                if not data:
                    return
                self._answer(data)
            except OSError:  # the checker has gone
                return

    def _answer(self, data: bytes) -> None:
        try:
            flavour, limits, timed = parse(data)
            self._admit(flavour, limits)
        except ValueError as error:
            self._send({"refused": str(error)})
            return
        ended = _Once(self._ended)  # a session that fails to open may report its end as well
        try:
            core = self._allowance.core if timed else None
            session = self._backend.open(flavour, limits, timed=timed, core=core, ended=ended)
        except HostError as error:
            ended()
            self._send({"failed": str(error)})
            return
        fds = [session.stream.fileno(), session.control.fileno(), session.output]
        try:
            socket.send_fds(self._socket, [b'{"opened": true}'], fds)
        finally:  # the checker's copies are now the only ones
            session.stream.close()
            session.control.close()
            os.close(session.output)

    def _admit(self, flavour: str, limits: Limits) -> None:
        """Count a session in. Raises: ValueError."""
        if flavour not in self._allowance.flavours:
            raise ValueError(f"flavour {flavour!r} is not this exercise's.")
        for field in fields(Limits):
            asked, most = getattr(limits, field.name), getattr(self._allowance.ceiling, field.name)
            if asked > most:
                raise ValueError(f"{field.name} is {asked}; the exercise allows {most}.")
        with self._changed:
            most_open = self._allowance.max_open
            if not self._changed.wait_for(lambda: self._open < most_open, ROOM_SECONDS):
                raise ValueError(f"{self._open} sessions are open; close one first.")
            if self._total >= self._allowance.max_total:
                raise ValueError(f"this job has had {self._total} sessions.")
            self._open += 1
            self._total += 1

    def _ended(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def _send(self, message: dict[str, Any]) -> None:
        self._socket.send(json.dumps(message).encode())


class _Once:
    """Calls a function the first time it is called, from whichever thread."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = [work]

    def __call__(self) -> None:
        with contextlib.suppress(IndexError):
            self._work.pop()()


def parse(data: bytes) -> tuple[str, Limits, bool]:
    """Read a request. Raises: ValueError, for anything but a well-formed one."""
    try:
        request = json.loads(data)
    except RecursionError as error:
        raise ValueError("a request is not nested.") from error
    if not isinstance(request, dict) or set(request) != {"flavour", "limits", "timed"}:
        raise ValueError("a request has the keys flavour, limits and timed.")
    flavour, limits, timed = request["flavour"], request["limits"], request["timed"]
    if not isinstance(flavour, str) or not isinstance(limits, dict) or not isinstance(timed, bool):
        raise ValueError("flavour must be a string, limits an object, timed true or false.")
    return flavour, Limits.from_json(limits), timed
