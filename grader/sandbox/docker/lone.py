"""A container of one session.

Under gVisor no descriptor crosses into the container, so its standard streams are copied to and
from the session's. `Warden` limits the session, freezes and ends it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.runner import single as inside
from grader.sandbox.device import Device
from grader.sandbox.docker.attach import STDOUT
from grader.sandbox.docker.container import Container
from grader.sandbox.docker.cuda import OnDevice
from grader.sandbox.docker.warden import Warden
from grader.sandbox.session import Session
from grader.sandbox.shell import READY_SECONDS

START_SECONDS = 30.0
BLOCKED_MS = 50  # until the next look whether anybody is still waited for


class Lone:
    """One container, from its start to the end of its session."""

    def __init__(self, container: Container, config: dict[str, Any]) -> None:
        """Send it its configuration; `wait` waits until it is warm."""
        self.container = container
        self._words: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._ended = False
        self._hurried = False
        self._warden: Warden | None = None
        self.removed: Callable[[], None] = lambda: None
        self.is_blocked = False  # a reader of the session's words lets us wait
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
        removed: Callable[[], None] = lambda: None,
        device: Device | None = None,
    ) -> Session:
        """Begin its one session; `removed` is called after `ended`. Raises: HostError."""
        on_device = None if device is None else OnDevice(device, self.container)
        request = {"id": 1, "entry_fds": 1, "limits": limits.to_json()}
        request |= {"timed": timed, "core": core}
        stream, self._stream = socket.socketpair()
        control, control_there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, self._output = os.pipe()
        os.set_blocking(self._output, False)
        try:
            before = self.container.cpu_seconds(), self._memory()
            self.container.send(json.dumps(request).encode() + b"\n")
            seen = self._word("started", START_SECONDS)
        except (HostError, OSError, ValueError) as error:
            self.hurry()
            self.container.remove()
            for one in (stream, control, control_there):
                one.close()
            os.close(output)
            if isinstance(error, HostError):
                raise
            raise HostError(f"A container ended before its session: {error}.") from error
        threading.Thread(target=self._copy_in, name="copy", daemon=True).start()
        self.removed = removed
        warden = Warden(self, control_there, limits, before, seen, ended, on_device)
        warden.start()
        self._warden = warden
        return Session(stream, control, output)

    def _memory(self) -> float:
        meter = self.container.meters.memory
        return 0.0 if meter is None else meter()

    def discard(self) -> None:
        """End it, with its session where it has one; returns when nothing is left."""
        if self._warden is None:
            self.container.remove()
        else:
            self._warden.end()

    def hurry(self) -> None:
        """Wait for no reader from now on: what its descriptor does not hold is lost.

        Must come before the container is ended. While we do not read what it said, the engine
        cannot end it: it keeps its lock, and answers no question about it.
        """
        self._hurried = True

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
                send = partial(_send, self._stream)
                self._pass_on(self._stream.fileno(), body, send)
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
        else:
            self._pass_on(self._output, data, partial(os.write, self._output))

    def _pass_on(self, descriptor: int, data: bytes, write: Callable[[memoryview], int]) -> None:
        """Write all of it, as fast as it is read; in a hurry only what fits."""
        left = memoryview(data)
        poll = select.poll()  # descriptors above 1023 are beyond `select`
        poll.register(descriptor, select.POLLOUT)
        with contextlib.suppress(OSError):  # nobody reads it any more
            while left:
                try:
                    left = left[write(left) :]
                except BlockingIOError:
                    if self._hurried:
                        break
                    self.is_blocked = True
                    poll.poll(BLOCKED_MS)
        self.is_blocked = False

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


def _send(stream: socket.socket, data: memoryview) -> int:
    return stream.send(data, socket.MSG_DONTWAIT)
