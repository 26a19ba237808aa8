"""Processes in a sandbox, as seen by who uses them: the daemon or a checker.

A process is a control socket to its warden and the read end of what it prints; a `Session` adds
the stream of array frames, a `CheckerProcess` the job and the broker socket. All of them are plain
descriptors, so they can be opened by the daemon and handed to a checker. Whoever holds the last
copy of the control socket owns the process: end of file on it kills everything in the sandbox.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from grader.errors import HostError, Outcome
from grader.exercise.limits import Limits
from grader.sandbox.device import Device, DeviceUse

REPLY_BYTES = 4096
REPLY_SECONDS = 30.0  # a warden that does not answer for so long is a broken host


@dataclass(frozen=True, slots=True)
class Ending:
    """How a sandboxed process ended.

    `exit_code` and `signal` are what the kernel reported; one closed by its owner has signal 9.
    `outcome` is set where a limit of the sandbox itself ended it (CPU time, memory).
    """

    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    peak_bytes: int
    outcome: Outcome | None = None


class SandboxProcess:
    """What all sandboxed processes have in common. Not safe for use by two threads at once."""

    def __init__(self, control: socket.socket, output: int) -> None:
        self.control = control
        self.output = output
        self._ending: Ending | None = None
        self.control.settimeout(REPLY_SECONDS)

    def freeze(self) -> None:
        """Stop all of it and return when it stands. Nothing happens where it has ended already."""
        self._ask(b"freeze")

    def thaw(self) -> None:
        """Let it go on."""
        self._ask(b"thaw")

    def inspect(self) -> dict[str, Any]:
        """Return what its warden sees around it: namespaces, capabilities, seccomp."""
        return self._ask(b"inspect")

    def cpu_seconds(self) -> float:
        """Return the CPU time so far; exact after `freeze`."""
        answer = self._ask(b"cpu")
        if self._ending is not None:
            return self._ending.cpu_seconds
        return float(answer["cpu_seconds"])

    def close(self, outcome: Outcome | None = None) -> Ending:
        """Kill what still runs, wait until nothing is left and tell how it ended.

        Further calls return the same ending. `outcome` is what the caller knows about the reason,
        such as a wall limit; it is used where the sandbox itself names none.

        Raises: HostError, when the sandbox is gone.
        """
        try:
            self._ask(b"close")
        finally:
            self.control.close()
            self._close_descriptors()
        if self._ending is None:
            raise HostError("The sandbox did not report how the process ended.")
        if outcome is not None and self._ending.outcome is None:
            self._ending = replace(self._ending, outcome=outcome)
        return self._ending

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, command: bytes) -> dict[str, Any]:
        """Send one command and return its answer; an ending answers every command."""
        if self._ending is not None:
            return {}
        # A failed send means that the warden is gone; its last message may still be waiting.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.control.send(command)
        while True:
            answer = receive(self.control)
            if "ended" in answer:
                self._ending = ending_of(answer["ended"])
                return {}
            if answer.get("to") == command.decode():
                return answer

    def _close_descriptors(self) -> None:
        if self.output >= 0:
            os.close(self.output)
            self.output = -1


class Session(SandboxProcess):
    """One student process (or reference, or known-wrong solution) in one sandbox."""

    def __init__(self, stream: socket.socket, control: socket.socket, output: int) -> None:
        super().__init__(control, output)
        self.stream = stream

    def device_use(self) -> DeviceUse:
        """Return what its processes did on the device it was opened with.

        Raises: HostError, for a session without one.
        """
        answer = self._ask(b"device")
        return DeviceUse.from_json(answer.get("use", {}))

    def _close_descriptors(self) -> None:
        super()._close_descriptors()
        self.stream.close()


class CheckerProcess(SandboxProcess):
    """One checker: `job` carries JSON lines both ways, `broker` its requests for sessions."""

    def __init__(
        self, job: socket.socket, broker: socket.socket, control: socket.socket, output: int
    ) -> None:
        super().__init__(control, output)
        self.job = job
        self.broker = broker

    def _close_descriptors(self) -> None:
        super()._close_descriptors()
        self.job.close()
        self.broker.close()


class Backend(Protocol):
    """A way to run processes in isolation. Its methods may be called from any thread."""

    name: str

    def open(
        self,
        flavour: str,
        limits: Limits,
        *,
        timed: bool = False,
        core: int | None = None,
        ended: Callable[[], None] | None = None,
        device: Device | None = None,
    ) -> Session:
        """Open a session; `ended` is called once, from another thread, when nothing is left of it.

        A timed session may not create processes or threads; `core` pins it to one core. `device` is
        a leased GPU that it may use: where it has one, a timed session may have threads.

        Raises: HostError.
        """

    def open_checker(self, folder: Path, limits: Limits) -> CheckerProcess:
        """Start a checker that sees `folder` as /exercise. Raises: HostError."""

    def guarantees(self) -> dict[str, bool]:
        """Tell which guarantees hold here. Raises: HostError, if a mandatory one does not."""

    def stop(self) -> None:
        """End every shell and with it every process. Further calls do nothing."""


def receive(control: socket.socket) -> dict[str, Any]:
    """Return the warden's next message. Raises: HostError, when it is gone or silent."""
    try:
        try:
            data = control.recv(REPLY_BYTES)
        except ConnectionResetError:  # closed before it read our last word; its own may still wait
            data = control.recv(REPLY_BYTES)
    except TimeoutError as error:
        raise HostError(f"The sandbox gave no answer within {REPLY_SECONDS:g} s.") from error
    if not data:
        raise HostError("The sandbox ended without a word; the grader's log holds what it printed.")
    answer = json.loads(data)
    if not isinstance(answer, dict):
        raise HostError("The sandbox answered with something that is no message.")
    return answer


def ending_of(report: dict[str, Any]) -> Ending:
    """Turn a warden's report into an ending."""
    return Ending(
        exit_code=report["exit_code"],
        signal=report["signal"],
        cpu_seconds=float(report["cpu_seconds"]),
        peak_bytes=int(report["peak_bytes"]),
        outcome=Outcome(report["outcome"]) if report["outcome"] else None,
    )
