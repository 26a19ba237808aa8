"""A shell: one zygote with all that it forked, as the daemon holds it.

What it lives in, a process of bubblewrap or a container, is its `Carrier`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from grader.errors import HostError

log = logging.getLogger(__name__)

READY_SECONDS = 180.0  # importing torch from a cold disk on a busy host
SEND_SECONDS = 30.0
MESSAGE_BYTES = 65536
STOP_SECONDS = 10.0
PRINTED_BYTES = 2000


class Carrier(Protocol):
    """What all processes of a shell live in, and die with."""

    @property
    def pid(self) -> int:
        """The first process, as this host numbers it."""

    @property
    def alive(self) -> bool: ...

    def printed(self) -> str:
        """Return the end of what bubblewrap or container and the zygote printed, on one line."""

    def end(self, patience: float) -> None:
        """Return when all is gone; what is left after so many seconds is killed."""


class ChildProcess:
    """A carrier that is a process of ours; its standard input is the zygote's socket.

    It must be made in a thread that lives as long as it: the kernel kills bubblewrap together with
    the thread that started it.
    """

    def __init__(self, name: str, command: list[str]) -> None:
        """Start it. Raises: HostError."""
        self._output = open(os.memfd_create(name), "wb+")  # noqa: SIM115  as long as the shell
        self.socket, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            try:
                self._process = subprocess.Popen(  # noqa: S603  a list of our own making
                    command,
                    stdin=there.fileno(),
                    stdout=self._output,
                    stderr=self._output,
                    env={},
                    cwd="/",
                    process_group=0,  # Ctrl-C is for the daemon, which ends its shells itself
                )
            except OSError as error:
                raise HostError(f"{command[0]} does not start: {error}.") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def printed(self) -> str:
        size = os.fstat(self._output.fileno()).st_size
        text = os.pread(self._output.fileno(), PRINTED_BYTES, max(0, size - PRINTED_BYTES))
        return " | ".join(text.decode(errors="replace").split("\n")).strip(" |")

    def end(self, patience: float) -> None:
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Shell:
    """Passes requests to a zygote. Safe for use by several threads."""

    def __init__(
        self, name: str, control: socket.socket, carrier: Carrier, config: dict[str, Any]
    ) -> None:
        """Wait until the zygote at the other end of `control` is warm. Raises: HostError."""
        self.name = name
        self.carrier = carrier
        self._socket = control
        self._endings: dict[int, Callable[[], None]] = {}
        self._lock = threading.Lock()
        self.versions = self._wait_until_warm(config)
        self._reader = threading.Thread(target=self._read, name=f"shell {name}", daemon=True)
        self._reader.start()

    def _wait_until_warm(self, config: dict[str, Any]) -> dict[str, str]:
        self._socket.settimeout(READY_SECONDS)
        why = ""
        try:
            self._socket.send(json.dumps(config).encode())
            data = self._socket.recv(MESSAGE_BYTES)
            answer: dict[str, Any] = json.loads(data) if data else {"failed": ""}
            if answer.get("ready"):
                return dict(answer["versions"])
            why = str(answer["failed"])
        except TimeoutError:
            why = f"it was not ready within {READY_SECONDS:g} s"
        except OSError:
            pass
        self.stop()
        printed = self.carrier.printed()
        log.error("sandbox %s printed: %s", self.name, printed)
        raise HostError(f"The sandbox for {self.name} does not start: {why or printed}.")

    @property
    def alive(self) -> bool:
        return self._reader.is_alive() and self.carrier.alive

    @property
    def pid(self) -> int:
        """The first process of its carrier, as this host numbers it."""
        return self.carrier.pid

    def open(
        self,
        request: dict[str, Any],
        fds: Sequence[tuple[str, int]],
        ended: Callable[[], None],
    ) -> None:
        """Ask the zygote for one process; `fds` are pairs of role and descriptor.

        `ended` is called once, when nothing of it is left. Raises: HostError.
        """
        message = {"request": request, "fds": [role for role, _ in fds]}
        with self._lock:
            self._endings[request["id"]] = ended
        try:
            socket.send_fds(self._socket, [json.dumps(message).encode()], [fd for _, fd in fds])
        except OSError as error:
            with self._lock:
                self._endings.pop(request["id"], None)
            printed = self.carrier.printed()
            raise HostError(f"The sandbox for {self.name} has died: {printed}") from error

    def stop(self) -> None:
        """End the zygote and with it every process; returns when all are gone."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self.carrier.end(STOP_SECONDS)
        self._socket.close()

    def _read(self) -> None:
        """Pass on the endings that the zygote reports, until it is gone; then end the rest."""
        self._socket.settimeout(None)
        with contextlib.suppress(OSError):
            while data := self._socket.recv(MESSAGE_BYTES):
                with self._lock:
                    ended = self._endings.pop(json.loads(data)["ended"], None)
                self._call(ended)
        with self._lock:
            left, self._endings = list(self._endings.values()), {}
        for ended in left:
            self._call(ended)

    def _call(self, ended: Callable[[], None] | None) -> None:
        try:
            if ended is not None:
                ended()
        except Exception:
            log.exception("cleaning up after a session failed")
