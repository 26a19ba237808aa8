"""The trusted side of one sandboxed process, inside its zygote.

A warden holds the process's pidfd and its control socket, on which the owner (daemon or checker)
sends `freeze`, `thaw`, `cpu`, `inspect` and `close`, one word a message. It answers in JSON, and
reports the ending once, unasked. It never reads anything that the sandboxed process wrote. End of
file, or any message it does not know, kills the process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from grader.runner import processes
from grader.runner.isolate import MIB, Request

NAMESPACES = ("user", "pid", "net", "ipc", "uts", "mnt")
COMMAND_BYTES = 64
STOP_SECONDS = 1.0  # on a busy host even an honest process is slow to stand
STOP_ROUNDS = 100  # each finds what was forked since the last; the process limit ends the race


class Warden:
    """Serves the control socket of one process until it has ended."""

    def __init__(
        self, request: Request, pid: int, control: socket.socket, events: int | None
    ) -> None:
        self.request = request
        self.pid = pid
        self.pidfd = os.pidfd_open(pid)
        self.control = control
        self.events = events  # the memory cgroup's counters, where there is one
        self.frozen = False
        self.closing = False
        self.outcome: str | None = None
        self._commands: dict[bytes, Callable[[], dict[str, Any]]] = {
            b"freeze": self._freeze,
            b"thaw": self._thaw,
            b"cpu": lambda: {"cpu_seconds": self.cpu_seconds()},
            b"inspect": self._inspect,
            b"device": lambda: {"use": {}},  # no fork of a zygote has one
        }

    def serve(self) -> None:
        """Read one command and answer it."""
        try:
            command = self.control.recv(COMMAND_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            command = b""
        work = self._commands.get(command)
        if work is None:  # close, end of file, or nonsense
            self.closing = True
            self.kill()
        else:
            self._send({"to": command.decode(), **work()})

    def watch(self, found: dict[int, processes.Process], base_bytes: int) -> None:
        """Kill it where its processes together are above the limits that bind only each of them.

        `base_bytes` is what a process of this flavour has before it does anything.
        """
        members = processes.family(found, self.pid)
        used = sum(max(0, member.memory_bytes - base_bytes) for member in members)
        if used > self.request.limits["memory_mib"] * MIB or self._oom_killed():
            self._end("memory")
        elif sum(member.cpu_seconds for member in members) > self.request.limits["cpu_seconds"]:
            self._end("cpu")

    def ended(self) -> bool:
        """Reap the process and report how it ended; False while it lives."""
        reaped, status, usage = os.wait4(self.pid, os.WNOHANG)
        if not reaped:
            return False
        cpu = usage.ru_utime + usage.ru_stime
        killer = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        if self._oom_killed():
            self.outcome = "memory"
        elif (
            self.outcome is None and not self.closing and killer in (signal.SIGKILL, signal.SIGXCPU)
        ):
            self.outcome = "cpu" if cpu >= self.request.limits["cpu_seconds"] else None
        report = {
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": killer,
            "cpu_seconds": round(cpu, 6),
            "peak_bytes": usage.ru_maxrss * 1024,
            "outcome": self.outcome,
        }
        self._send({"ended": report})
        self.control.close()
        os.close(self.pidfd)
        if self.events is not None:
            os.close(self.events)
        return True

    def kill(self) -> None:
        """Kill process 1 of the sandbox; the kernel kills the rest of its pid namespace with it."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its processes, the gone ones included."""
        if self.request.timed:  # one process, by its system call filter
            return processes.cpu_seconds(self.pid)
        return sum(member.cpu_seconds for member in self._family())

    def _freeze(self) -> dict[str, Any]:
        if self.frozen:
            return {}
        self.frozen = True
        os.kill(self.pid, signal.SIGSTOP)
        if not self._wait_for_stop() or not (self.request.timed or self._stop_others()):
            self._end(None)
        return {}

    def _wait_for_stop(self) -> bool:
        """Wait until process 1 stands or has ended; False where it does neither in time."""
        states = os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG
        deadline = time.monotonic() + STOP_SECONDS
        pause = 2e-5
        while time.monotonic() < deadline:
            seen = os.waitid(os.P_PID, self.pid, states)
            if seen is not None:
                if seen.si_code == os.CLD_STOPPED:
                    os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG)
                return True
            time.sleep(pause)
            pause = min(2 * pause, 1e-3)
        return False

    def _stop_others(self) -> bool:
        """Stop all but process 1, which stands already; False where they cannot be stopped."""
        for _ in range(STOP_ROUNDS):
            moving = [member for member in self._family() if member.state not in "TtZX"]
            if not moving:
                return True
            for member in moving:
                self._signal(member.pid, signal.SIGSTOP)
        return False

    def _thaw(self) -> dict[str, Any]:
        self.frozen = False
        members = [self.pid]
        if not self.request.timed:
            members = [member.pid for member in self._family()]
        for pid in reversed(members):
            self._signal(pid, signal.SIGCONT)
        return {}

    def _inspect(self) -> dict[str, Any]:
        """Tell from outside what surrounds the process: the evidence for the guarantees."""
        name = next((str(member.shown) for member in self._family() if member.pid == self.pid), "0")
        try:
            own = processes.namespaces("self", NAMESPACES)
            its = processes.namespaces(name, NAMESPACES)
            return {
                "namespaces": {kind: own[kind] != its[kind] for kind in NAMESPACES},
                "security": processes.security(name),
                "writable": processes.writable_mounts(name),
                "rlimits": processes.resource_limits(name),
            }
        except OSError as error:
            return {"namespaces": {}, "security": {}, "why": str(error)}

    def _family(self) -> list[processes.Process]:
        return processes.family(processes.scan(), self.pid)

    def _end(self, outcome: str | None) -> None:
        self.outcome = outcome
        self.kill()

    def _oom_killed(self) -> bool:
        if self.events is None:
            return False
        with contextlib.suppress(OSError, ValueError):
            for line in os.pread(self.events, 4096, 0).decode().splitlines():
                key, _, value = line.partition(" ")
                if key == "oom_kill":
                    return int(value) > 0
        return False

    def _signal(self, pid: int, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    def _send(self, message: dict[str, Any]) -> None:
        """Send without waiting; an owner that does not read loses the process, not the zygote."""
        try:
            self.control.send(json.dumps(message).encode(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            self.closing = True
            self.kill()
        except OSError:
            pass  # the owner is gone; end of file follows
