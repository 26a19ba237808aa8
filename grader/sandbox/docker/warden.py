"""A thread of the daemon that stands in for a warden where a session is a whole container.

Freezing, CPU time and the end go through the container engine.
"""

from __future__ import annotations

import contextlib
import json
import logging
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.runner.isolate import MIB
from grader.sandbox.docker.cuda import OnDevice

if TYPE_CHECKING:
    from grader.sandbox.docker.lone import Lone

log = logging.getLogger(__name__)
COMMAND_BYTES = 64
WATCH_SECONDS = 0.25
LOOK_SECONDS = 2.0  # at the engine: does the container still run
SLACK_MIB = 64  # as for control groups of sessions under a zygote
END_SECONDS = 10.0
GONE_SECONDS = 60.0


class Warden:
    """Serves the control socket of one session; see `grader.runner.warden`."""

    def __init__(
        self,
        lone: Lone,
        control: socket.socket,
        limits: Limits,
        before: tuple[float, float],
        seen: dict[str, Any],
        ended: Callable[[], None] | None,
        device: OnDevice | None,
    ) -> None:
        self._lone = lone
        self._device = device
        self._control = control
        self._limits = limits
        self._before_cpu, self._before_memory = before
        self._looked = time.monotonic()
        self._seen = seen
        self._on_end = ended
        self._outcome: str | None = None
        self._cpu = 0.0
        self._frozen = False
        self._closing = False
        self._thread = threading.Thread(target=self.run, name="warden", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """End the session as its owner does; returns when nothing is left of it."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RD)
        self._thread.join(GONE_SECONDS)

    def run(self) -> None:
        """Serve until the session has ended, then say how."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        try:
            while not self._lone.wait_for_end(0):
                if poll.poll(1000 * WATCH_SECONDS):
                    if not self._serve():
                        break
                elif self._over_limit():
                    break
        except (HostError, OSError):
            self._lone.hurry()
            if not self._lone.wait_for_end(END_SECONDS):  # else it ended between two commands
                log.exception("a session in a container is ended")
        self._finish()

    def _over_limit(self) -> bool:
        """Tell whether all processes together are above a limit that binds only each of them."""
        if self._cpu_seconds() > self._limits.cpu_seconds:
            self._outcome = "cpu"
        most = (self._limits.memory_mib + self._limits.disk_mib + SLACK_MIB) * MIB
        meter = self._lone.container.meters.memory
        with contextlib.suppress(OSError):  # it has just ended
            if meter is not None and meter() - self._before_memory > most:
                self._outcome = "memory"
        if self._device is not None and self._device.is_over(self._limits):
            self._outcome = "device-memory"
        if time.monotonic() - self._looked > LOOK_SECONDS and not self._lone.is_blocked:
            self._looked = time.monotonic()
            if self._lone.container.has_ended():
                self._lone.container.send_end()
        return self._outcome is not None

    def _serve(self) -> bool:
        """Do one command; False where it ends the session."""
        container = self._lone.container
        try:
            command = self._control.recv(COMMAND_BYTES)
        except OSError:
            command = b""
        answer: dict[str, Any] = {}
        if command == b"cpu":
            answer = {"cpu_seconds": self._cpu_seconds()}
        elif command == b"inspect":
            answer = {**self._seen, "namespaces": container.namespaces()}
        elif command == b"device":
            answer = {"use": {} if self._device is None else self._device.use().to_json()}
        elif command in (b"freeze", b"thaw"):
            wanted = command == b"freeze"
            if wanted != self._frozen:
                container.freeze() if wanted else container.thaw()
                self._frozen = wanted
        else:
            self._closing = True
            return False
        self._send({"to": command.decode(), **answer})
        return not self._closing

    def _cpu_seconds(self) -> float:
        with contextlib.suppress(HostError, OSError):  # it has just ended: what was seen last
            self._cpu = max(self._cpu, self._lone.container.cpu_seconds() - self._before_cpu)
        return round(self._cpu, 6)

    def _finish(self) -> None:
        container = self._lone.container
        self._lone.hurry()
        if self._closing and container.alive:
            self._cpu_seconds()
        out_of_memory = False
        if not self._lone.wait_for_end(0):
            container.kill()
            container.send_end()
            if not self._lone.wait_for_end(END_SECONDS):
                container.remove()  # the engine's last means
        else:
            out_of_memory = bool(container.state().get("OOMKilled"))
        if self._on_end is not None:
            self._on_end()  # before its owner is told, who may want the next one at once
        self._send({"ended": self._report(out_of_memory)})
        self._control.close()
        container.remove()
        self._lone.removed()

    def _report(self, out_of_memory: bool) -> dict[str, Any]:
        said = self._lone.last_word()
        killer = said.get("signal", signal.SIGKILL) if said or self._closing else None
        cpu = max(self._cpu, float(said.get("cpu_seconds", 0.0)))
        if out_of_memory:
            self._outcome = "memory"
        elif killer in (signal.SIGKILL, signal.SIGXCPU) and cpu >= self._limits.cpu_seconds:
            self._outcome = self._outcome or "cpu"
        return {
            "exit_code": said.get("exit_code"),
            "signal": signal.SIGKILL if killer is None and not said else killer,
            "cpu_seconds": round(cpu, 6),
            "peak_bytes": int(said.get("peak_bytes", 0)),
            "outcome": self._outcome,
        }

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(message).encode(), socket.MSG_DONTWAIT)
        except BlockingIOError:  # an owner that does not read loses the session
            self._closing = True
        except OSError:
            pass  # the owner is gone; end of file follows
