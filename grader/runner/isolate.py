"""How a freshly forked child of the zygote locks itself in, before any foreign code runs.

The zygote has already put it into a fresh pid namespace, where it is process 1. Each step here
either holds or raises; there is no step that may fail quietly. Afterwards the process sees:
descriptors 0 (null device), 1 and 2 (output), 3 and up (what its entry is given); a read-only root
with interpreter, libraries and the engine's sandbox side; one small tmpfs at /w (also /tmp and
/dev/shm); an empty /proc; no network, no capability, no other process.
"""

from __future__ import annotations

import fcntl
import os
import resource
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from grader.runner import kernel, seccomp

SESSION_UID = 1000
HOST_NAME = "gradus"
INODES = 2048
STACK_BYTES = 8 * 1024**2
MIB = 1024**2
KEPT_FLAGS = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_HIGH = 200  # descriptors are parked from here up while they are put into their places


@dataclass(frozen=True, slots=True)
class Request:
    """What the zygote is asked to open. Limits as in exercise.toml."""

    id: int
    entry_fds: int  # how many sockets the entry is given
    limits: dict[str, float]
    timed: bool = False
    core: int | None = None
    exercise: str | None = None  # folder below /exercises to show as /exercise


def isolate(request: Request, program: bytes) -> None:
    """Lock this process in. `program` is the assembled system call filter. Raises: OSError."""
    os.setsid()
    os.umask(0o022)
    enter_namespaces()
    hide_file_systems(request)
    limits = resource_limits(request)  # reads /proc
    mount_empty("/proc")
    set_limits(request, limits)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(program)


def join_groups(groups: list[int]) -> None:
    """Move this process into control groups, each given by the open file that lets it in."""
    for group in groups:
        os.write(group, b"0")


def place_descriptors(fds: dict[str, list[int]]) -> int:
    """Move what the process keeps to 0, 1, 2, 3..., close all else, return the control socket.

    `fds` holds the received descriptors by role: entry, output, control.
    """
    null = os.open("/dev/null", os.O_RDONLY)
    wanted = [null, fds["output"][0], fds["output"][0], *fds["entry"], fds["control"][0]]
    parked = [fcntl.fcntl(fd, fcntl.F_DUPFD, _HIGH) for fd in wanted]
    for place, fd in enumerate(parked):
        os.dup2(fd, place, inheritable=False)
    kernel.close_from(len(parked))
    return len(parked) - 1


def enter_namespaces() -> None:
    """Enter fresh namespaces for users, mounts, network, IPC and host name."""
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(
        kernel.CLONE_NEWUSER
        | kernel.CLONE_NEWNS
        | kernel.CLONE_NEWNET
        | kernel.CLONE_NEWIPC
        | kernel.CLONE_NEWUTS
    )
    map_ids(uid, gid)
    socket.sethostname(HOST_NAME)


def map_ids(uid: int, gid: int) -> None:
    """Map the session's one user and group to the given ones outside."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else the files below belong to root
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{SESSION_UID} {uid} 1")
    write("/proc/self/gid_map", f"{SESSION_UID} {gid} 1")


def hide_file_systems(request: Request) -> None:
    """Show the exercise where there is one, then cover all that is not for this process."""
    write("/proc/self/oom_score_adj", "1000")
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    if request.exercise is not None:
        kernel.mount(f"/exercises/{request.exercise}", "/exercise", "", kernel.MS_BIND)
        mount_empty("/exercises")
    options = f"size={int(request.limits['disk_mib'])}m,nr_inodes={INODES},mode=700"
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", "/w", "tmpfs", flags, options)
    os.mkdir("/w/tmp")  # /tmp and /dev/shm of the shell are links to these
    os.mkdir("/w/shm")
    os.chdir("/w")


def mount_empty(target: str) -> None:
    """Cover a folder by an empty read-only one."""
    flags = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", target, "tmpfs", flags, "size=4k,nr_inodes=2,mode=555")


def resource_limits(request: Request) -> list[tuple[int, int, int]]:
    """Return the resource limits of a session: kind, soft, hard."""
    limits = request.limits
    address_space = address_space_bytes() + int(limits["memory_mib"]) * MIB
    seconds = int(-(-limits["cpu_seconds"] // 1))  # rounded up
    # The process itself counts as one; in a fresh user namespace nothing else does.
    processes = 1 if request.timed else int(limits["processes"]) + 1
    files = int(limits["files"]) + 3 + request.entry_fds
    return [  # the hard limit of CPU seconds kills, the soft one is not heard
        (resource.RLIMIT_AS, address_space, address_space),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_NOFILE, files, files),
        (resource.RLIMIT_FSIZE, int(limits["disk_mib"]) * MIB, int(limits["disk_mib"]) * MIB),
        (resource.RLIMIT_STACK, STACK_BYTES, STACK_BYTES),
        (resource.RLIMIT_CORE, 1, 1),  # 0 would still feed a host's core handler, 1 does not
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
        (resource.RLIMIT_RTPRIO, 0, 0),
        (resource.RLIMIT_NICE, 0, 0),
    ]


def set_limits(request: Request, limits: Sequence[tuple[int, int, int]]) -> None:
    """Pin this process to its core, where it has one, and limit it."""
    if request.core is not None:
        os.sched_setaffinity(0, {request.core})
    for kind, soft, hard in limits:
        allowed = resource.getrlimit(kind)[1]
        if allowed != resource.RLIM_INFINITY:
            soft, hard = min(soft, allowed), min(hard, allowed)
        resource.setrlimit(kind, (soft, hard))


def address_space_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def write(path: str, text: str) -> None:
    """Write in one call: the files of /proc take no second one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def entry_sockets(count: int) -> Sequence[socket.socket]:
    """Return the sockets that the entry is given; they begin at descriptor 3."""
    return [socket.socket(fileno=3 + index) for index in range(count)]
