"""A container of one session, and the daemon's thread that stands in for a warden.

Under gVisor no descriptor crosses into the container, so its standard streams are copied to and
from the session's; freezing, CPU time and the end go through the container engine.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.runner import single as inside
from grader.runner.isolate import MIB
from grader.sandbox.device import Device
from grader.sandbox.docker.attach import STDOUT
from grader.sandbox.docker.container import Container
from grader.sandbox.docker.cuda import OnDevice
from grader.sandbox.session import Session
from grader.sandbox.shell import READY_SECONDS

log = logging.getLogger(__name__)
COMMAND_BYTES = 64
WATCH_SECONDS = 0.25
LOOK_SECONDS = 2.0  # at the engine: does the container still run
SLACK_MIB = 64  # as for control groups of sessions under a zygote
START_SECONDS = 30.0
END_SECONDS = 10.0


class Lone:
    """One container, from its start to the end of its session."""

    def __init__(self, container: Container, config: dict[str, Any]) -> None:
        """Send it its configuration; `wait` waits until it is warm."""
        self.container = container
        self._words: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._ended = False
        self._closing = False
        self._data = bytearray()
        self._stream: socket.socket | None = None  # our ends of what the session is given
        self._output = -1
        self._printed = b""
        container.listen(self._heard, self._gone)
        container.send(json.dumps(config).encode() + b"\n")

    @property
    def alive(self) -> bool:
        return self.container.alive and bool(self.container.state().get("Running"))

    def wait(self) -> dict[str, str]:
        """Wait until it is warm; return the versions of its libraries. Raises: HostError."""
        return dict(self._word("ready", READY_SECONDS)["versions"])

    def open(
        self,
        limits: Limits,
        *,
        timed: bool,
        core: int | None,
        ended: Callable[[], None] | None,
        device: Device | None = None,
    ) -> Session:
        """Begin its one session. Raises: HostError."""
        on_device = None if device is None else OnDevice(device, self.container)
        request = {"id": 1, "entry_fds": 1, "limits": limits.to_json()}
        request |= {"timed": timed, "core": core}
        stream, self._stream = socket.socketpair()
        control, control_there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, self._output = os.pipe()
        os.set_blocking(self._output, False)
        before = self.container.cpu_seconds(), self._memory()
        self.container.send(json.dumps(request).encode() + b"\n")
        try:
            seen = self._word("started", START_SECONDS)
        except HostError:
            for one in (stream, control, control_there, self._stream):
                one.close()
            os.close(output)
            self._close_output()
            self.container.remove()
            raise
        threading.Thread(target=self._copy_in, name="copy", daemon=True).start()
        warden = _Warden(self, control_there, limits, before, seen, ended, on_device)
        threading.Thread(target=warden.run, name="warden", daemon=True).start()
        return Session(stream, control, output)

    def _memory(self) -> float:
        meter = self.container.meters.memory
        return 0.0 if meter is None else meter()

    def discard(self) -> None:
        """End it without a session."""
        self.container.remove()

    def hear_no_more(self) -> None:
        """Wait for no reader of the stream or of what is printed: the session is being ended."""
        self._closing = True
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.shutdown(socket.SHUT_RDWR)

    def last_word(self) -> dict[str, Any]:
        """Return what process 1 said of the session's end; empty where it was killed itself."""
        with self._changed:
            return next((word for word in self._words if "exit_code" in word), {})

    def wait_for_end(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._ended, seconds)

    def _word(self, name: str, seconds: float) -> dict[str, Any]:
        def there() -> bool:
            return self._ended or any({name, "failed"} & set(word) for word in self._words)

        with self._changed:
            in_time = self._changed.wait_for(there, seconds)
            for word in self._words:
                if name in word:
                    return word
            why = next((str(word["failed"]) for word in self._words if "failed" in word), "")
        if not in_time:
            why = f"it said nothing for {seconds:g} s"
        printed = self._printed.decode(errors="replace").strip().replace("\n", " | ")
        raise HostError(f"A sandbox could not be locked: {why or printed}.")

    def _heard(self, stream: int, data: bytes) -> None:
        """Sort what the container writes; called by the thread that reads its streams."""
        if stream != STDOUT:
            self._print(data)
            return
        self._data += data
        while len(self._data) >= inside.MESSAGE.size:
            kind, length = inside.MESSAGE.unpack_from(self._data)
            if len(self._data) < inside.MESSAGE.size + length:
                return
            body = bytes(self._data[inside.MESSAGE.size : inside.MESSAGE.size + length])
            del self._data[: inside.MESSAGE.size + length]
            if kind == inside.STREAM and self._stream is not None:
                with contextlib.suppress(OSError):  # the checker does not listen any more
                    self._stream.sendall(body)
            elif kind == inside.WORD:
                self._note(json.loads(body))

    def _note(self, word: dict[str, Any]) -> None:
        with self._changed:
            self._words.append(word)
            self._changed.notify_all()
        if "exit_code" in word:
            self.container.send_end()  # the engine keeps streams open as long as we may write

    def _print(self, data: bytes) -> None:
        if self._output < 0:
            self._printed = (self._printed + data)[-2000:]
            return
        with contextlib.suppress(OSError):  # nobody reads it any more
            while data and not self._closing:
                if select.select([], [self._output], [], WATCH_SECONDS)[1]:
                    data = data[os.write(self._output, data) :]

    def _gone(self) -> None:
        """All is said: the container has ended."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
            self._stream.close()
        self._close_output()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _close_output(self) -> None:
        if self._output >= 0:
            os.close(self._output)
            self._output = -1

    def _copy_in(self) -> None:
        """Pass on what the checker says until it closes."""
        assert self._stream is not None
        with contextlib.suppress(OSError, ValueError):
            while data := self._stream.recv(inside.CHUNK):
                self.container.send(data)
        self.container.send_end()


class _Warden:
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

    def run(self) -> None:
        """Serve until the session has ended, then say how."""
        try:
            while not self._lone.wait_for_end(0):
                if select.select([self._control], [], [], WATCH_SECONDS)[0]:
                    if not self._serve():
                        break
                elif self._over_limit():
                    break
        except (HostError, OSError):
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
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            if not self._lone.container.state().get("Running"):
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
        if self._closing and container.alive:
            self._cpu_seconds()
        out_of_memory = False
        if not self._lone.wait_for_end(0):
            container.kill()
            self._lone.hear_no_more()
            container.send_end()
            self._lone.wait_for_end(END_SECONDS)
        else:
            out_of_memory = bool(container.state().get("OOMKilled"))
        self._send({"ended": self._report(out_of_memory)})
        self._control.close()
        container.remove()
        if self._on_end is not None:
            self._on_end()

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
