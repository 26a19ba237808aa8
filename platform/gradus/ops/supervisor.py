"""Keep a handful of child processes alive, and let none of them outlive this one.

Each child asks the kernel to be killed when this process dies (PR_SET_PDEATHSIG), so even SIGKILL
of the supervisor leaves nothing behind. This process asks the same of its own parent, so that a
killed `make` stops everything too. A child that dies is started again; one that keeps dying stops
the installation.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 4.0  # a stop is promised within 5 s
RESTARTS = 5  # within RESTART_WINDOW_SECONDS; one more and the installation stops
RESTART_WINDOW_SECONDS = 60.0
LOG_BYTES = 10 * 1024**2  # a log that grows beyond is cut: its text goes to NAME.log.1
LOG_SECONDS = 30.0  # between two looks at the sizes

_libc = ctypes.CDLL(None, use_errno=True)


class KeepsDying(Exception):
    """A child ended more often than restarting can mend."""


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep alive; `stdin` is fed once, for settings that no file should hold."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    stdin: str = ""


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    starts: list[float] = field(default_factory=list)


def die_with_parent(signal_number: signal.Signals) -> None:
    """Have the kernel send this signal to the calling process when its parent dies."""
    parent = os.getppid()
    _libc.prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    if os.getppid() != parent:  # it died between the two lines
        os.kill(os.getpid(), signal_number)


class Supervisor:
    """Starts children in order, watches them, stops them in reverse order."""

    def __init__(self, logs: Path, tell: Callable[[str], None]) -> None:
        self._logs = logs
        self._tell = tell
        self._running: list[_Running] = []
        self._stopping = False
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)

    def take_signals(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP, and the death of the parent, end `watch`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        die_with_parent(signal.SIGTERM)

    @property
    def stopping(self) -> bool:
        return self._stopping

    def start(self, child: Child) -> None:
        self._running.append(_Running(child, self._spawn(child), [time.monotonic()]))

    def watch(self, until: Callable[[], bool] | None = None) -> None:
        """Restart what dies until a signal arrives, or until the condition holds.

        Raises: KeepsDying.
        """
        look_at = time.monotonic()
        while not self._stopping and not (until is not None and until()):
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOG_SECONDS
                self._cut_logs()
            for running in self._running:
                if running.process.poll() is not None and not self._stopping:
                    self._restart(running)
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask all to end, last started first; kill what has not ended after STOP_SECONDS."""
        self._stopping = True
        deadline = time.monotonic() + STOP_SECONDS
        for running in reversed(self._running):
            if running.process.poll() is None:
                running.process.terminate()
        for running in self._running:
            try:
                running.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                running.process.kill()
                running.process.wait()

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def last_line(self, name: str) -> str:
        """The last line that a child wrote, for a message that tells why it died."""
        try:
            lines = self.log_of(name).read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def _cut_logs(self) -> None:
        """The children append, so they go on at the start of an emptied file."""
        for running in self._running:
            log = self.log_of(running.child.name)
            with contextlib.suppress(OSError):  # a full disk must not stop the installation
                if log.stat().st_size > LOG_BYTES:
                    shutil.copyfile(log, log.with_suffix(".log.1"))
                    os.truncate(log, 0)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _restart(self, running: _Running) -> None:
        now = time.monotonic()
        running.starts = [t for t in running.starts if now - t < RESTART_WINDOW_SECONDS]
        name = running.child.name
        if len(running.starts) > RESTARTS:
            raise KeepsDying(f"{name} keeps ending: {self.last_line(name)} ({self.log_of(name)})")
        self._tell(f"{name} ended with status {running.process.returncode}; starting it again")
        running.starts.append(now)
        running.process = self._spawn(running.child)

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        with self.log_of(child.name).open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own programs with our own arguments
                child.command,
                env=dict(child.environment),
                stdin=subprocess.PIPE if child.stdin else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the rest
                preexec_fn=_bound_to_parent,
            )
        if child.stdin and process.stdin is not None:
            process.stdin.write(child.stdin.encode())
            process.stdin.close()
        return process


def _bound_to_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
