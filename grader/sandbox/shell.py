"""A shell: one bubblewrap process with one flavour's zygote in it, as the daemon holds it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Any

from grader.errors import HostError

log = logging.getLogger(__name__)

READY_SECONDS = 180.0  # importing torch from a cold disk on a busy host
SEND_SECONDS = 30.0
MESSAGE_BYTES = 65536
STOP_SECONDS = 10.0
PRINTED_BYTES = 2000


class Shell:
    """Starts a shell and passes requests to its zygote. Safe for use by several threads.

    It must be made in a thread that lives as long as it: the kernel kills bubblewrap together with
    the thread that started it.
    """

    def __init__(self, name: str, command: list[str], config: dict[str, Any]) -> None:
        """Start it and wait until its zygote is warm. Raises: HostError."""
        self.name = name
        self._endings: dict[int, Callable[[], None]] = {}
        self._lock = threading.Lock()
        self._printed = open(os.memfd_create(name), "wb+")  # noqa: SIM115  as long as the shell
        self._socket, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            try:
                self._process = subprocess.Popen(  # noqa: S603  a list of our own making
                    command,
                    stdin=there.fileno(),
                    stdout=self._printed,
                    stderr=self._printed,
                    env={},
                    cwd="/",
                    process_group=0,  # Ctrl-C is for the daemon, which ends its shells itself
                )
            except OSError as error:
                raise HostError(f"{command[0]} does not start: {error}.") from error
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
        log.error("sandbox %s printed: %s", self.name, self.printed())
        raise HostError(f"The sandbox for {self.name} does not start: {why or self.printed()}.")

    @property
    def alive(self) -> bool:
        return self._reader.is_alive() and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of bubblewrap, outside."""
        return self._process.pid

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
            raise HostError(f"The sandbox for {self.name} has died: {self.printed()}") from error

    def stop(self) -> None:
        """End the zygote and with it every process; returns when all are gone."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._socket.close()

    def printed(self) -> str:
        """Return the end of what bubblewrap and zygote printed, on one line."""
        size = os.fstat(self._printed.fileno()).st_size
        text = os.pread(self._printed.fileno(), PRINTED_BYTES, max(0, size - PRINTED_BYTES))
        return " | ".join(text.decode(errors="replace").split("\n")).strip(" |")

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
