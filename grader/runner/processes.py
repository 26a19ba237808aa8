"""The processes of a pid namespace and of those below it, read from /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `pid` is its number for the reader, `shown` and `parent` those of /proc."""

    pid: int
    shown: int
    parent: int
    state: str
    memory_bytes: int  # that no file backs, shared with other processes or not
    reaped_seconds: float  # CPU time of its children that are gone

    @property
    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid) + self.reaped_seconds


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of one process; exact while it does not run, 0 where it is gone."""
    try:
        return time.clock_gettime(~pid << 3 | 2)  # CPUCLOCK_SCHED of the whole process
    except OSError:
        return 0.0


def scan() -> dict[int, Process]:
    """Return every process that /proc shows at or below the reader's pid namespace, by `shown`."""
    level = len(_status("self")["NSpid"].split()) - 1
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                process = _read(name, level)
            except (OSError, KeyError, IndexError):  # gone while it was read
                continue
            found[process.shown] = process
    return found


def family(processes: dict[int, Process], first: int) -> list[Process]:
    """Return the process with number `first` and all that descend from it, parents first."""
    children: dict[int, list[Process]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process)
    members = [process for process in processes.values() if process.pid == first]
    for member in members:  # grows while it is walked
        members += children.get(member.shown, [])
    return members


def memory_bytes() -> int:
    """Return the memory of this process that no file backs."""
    return _memory(_status("self"))


def thread_count() -> int:
    return int(_status("self")["Threads"])


def namespaces(process: str, kinds: Iterable[str]) -> dict[str, str]:
    """Return the identity of each namespace of a process; `process` is its name in /proc."""
    return {kind: os.readlink(f"/proc/{process}/ns/{kind}") for kind in kinds}


def security(process: str) -> dict[str, str]:
    """Return capabilities, seccomp mode and no_new_privs of a process as /proc states them."""
    status = _status(process)
    keys = ("CapEff", "CapPrm", "CapBnd", "Seccomp", "NoNewPrivs")
    return {key: status[key] for key in keys if key in status}  # gVisor has not all of them


def writable_mounts(process: str) -> list[str]:
    """Return the mount points that a process may write to, devices aside."""
    with open(f"/proc/{process}/mountinfo", encoding="utf-8") as file:
        fields = [line.split() for line in file]
    seen: dict[str, bool] = {}
    for row in fields:
        point, writable = row[4], "rw" in row[5].split(",")
        below = point.rstrip("/") + "/"
        # a mount covers those that were below and at its point before it
        seen = {old: rw for old, rw in seen.items() if not old.startswith(below)}
        seen[point] = writable
    return sorted(point for point, writable in seen.items() if writable and point[:5] != "/dev/")


def resource_limits(process: str) -> dict[str, str]:
    """Return the hard limits of a process by the kernel's names, unlimited ones left out."""
    found = {}
    with open(f"/proc/{process}/limits", encoding="utf-8") as file:
        for line in file.readlines()[1:]:
            hard = line[47:67].strip()
            if hard != "unlimited":
                found[line[:26].strip()] = hard
    return found


def _read(name: str, level: int) -> Process:
    status = _status(name)
    with open(f"/proc/{name}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return Process(
        pid=int(status["NSpid"].split()[level]),
        shown=int(name),
        parent=int(status["PPid"]),
        state=status["State"][:1],
        memory_bytes=_memory(status),
        reaped_seconds=(int(fields[13]) + int(fields[14])) / _TICKS,
    )


def _status(process: str) -> dict[str, str]:
    with open(f"/proc/{process}/status", encoding="utf-8", errors="replace") as file:
        lines = (line.partition(":") for line in file)
        return {key: value.strip() for key, _, value in lines}


def _memory(status: dict[str, str]) -> int:
    """Shared memory counts for each process that has it: nobody hides an array by sharing it."""
    return _kib(status.get("RssAnon", "0 kB")) + _kib(status.get("RssShmem", "0 kB"))


def _kib(text: str) -> int:
    return int(text.split()[0]) * 1024
