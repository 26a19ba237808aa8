"""A container that serves one session and no other: warm before it, gone with it.

For runtimes that cannot hold a zygote: gVisor, which passes no descriptors across its border, and
nvidia's. The container itself is the session's isolation; inside, the session still gets its limits
and the runner's filter. Standard input brings two lines (what to import; the request) and then what
the checker says. Standard output carries messages of this module, among them what the session says;
what it prints goes to standard error.

Process 1 holds the two ends and copies; the session is its only child.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import resource
import signal
import socket
import stat
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from grader.runner import isolate, kernel, processes, seccomp, zygote
from grader.runner.isolate import Request

MESSAGE = struct.Struct(">cI")  # kind, length
STREAM, WORD = b"s", b"w"  # bytes of the session's stream; JSON of ours
LINE_BYTES = 65536
CHUNK = 65536
SMALL_TOO = "/tmp"  # noqa: S108  a file system as small as /w, where it is none of its folders
Work = Callable[[], Any]
COPIERS = 3  # threads of process 1 that count against the session's user


def main() -> NoReturn:
    """Import, wait for the one request, serve it, and end as the session ended."""
    config = json.loads(read_line(0))
    try:
        entry = zygote.preload(config["preload"], config["entry"])
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        gc.freeze()
        say({"ready": True, "versions": zygote.versions()})
        request = Request(**json.loads(read_line(0)))
        ours, theirs = socket.socketpair()
        lock = functools.partial(lock_in, request, config)
        pid, seen = start(ours, theirs, lambda: entry(*isolate.entry_sockets(1)), lock)
    except BaseException as error:  # noqa: BLE001  the daemon must learn why, whatever it was
        traceback.print_exc()
        say({"failed": f"{type(error).__name__}: {error}"})
        zygote.leave(1)
    say({"started": True, **seen})
    downwards = threading.Thread(target=copy_in, args=(ours,), daemon=True)
    upwards = threading.Thread(target=copy_out, args=(ours,))
    downwards.start()
    upwards.start()
    _, status, usage = os.wait4(pid, 0)
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)  # what it started goes with it
    upwards.join()
    say(
        {
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 6),
            "peak_bytes": usage.ru_maxrss * 1024,
        }
    )
    zygote.leave(0)


def start(
    ours: socket.socket, theirs: socket.socket, work: Work, lock: Work
) -> tuple[int, dict[str, Any]]:
    """Fork the session; return its number and what it saw of its own locks. Raises: OSError."""
    told, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        roles = {"entry": [theirs.detach()], "output": [2], "control": [telling]}
        become(roles, work, lock)
    theirs.close()
    os.close(telling)
    with os.fdopen(told, "rb") as reader:
        answer: dict[str, Any] = json.loads(reader.read() or b'{"failed": "it ended"}')
    if "failed" in answer:
        raise OSError(answer["failed"])
    return pid, answer


def become(roles: dict[str, list[int]], work: Work, lock: Work) -> NoReturn:
    """Be the session: lock this process in, then work."""
    code, control = 1, -1
    try:
        control = isolate.place_descriptors(roles)
        lock()
        os.write(control, json.dumps(evidence()).encode())
        os.close(control)
        control = -1
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        work()
        code = 0
    except BaseException as error:  # noqa: BLE001  the last frame of this process
        if control >= 0:
            zygote.report(control, error)
        traceback.print_exc()
    finally:
        zygote.leave(code)


def lock_in(request: Request, config: dict[str, Any]) -> None:
    """Limit and lock this process. Raises: OSError, ValueError, where a lock does not hold."""
    os.setsid()
    os.umask(0o022)
    for folder in ("/w/tmp", "/w/shm"):
        os.mkdir(folder)
    os.chdir("/w")
    for kind, soft, hard in isolate.resource_limits(request):
        more = COPIERS if kind == resource.RLIMIT_NPROC and not request.timed else 0
        if kind == resource.RLIMIT_AS and not config["address_space"]:
            continue  # CUDA reserves far more than it uses
        try:
            isolate.set_limits(request, [(kind, soft + more, hard + more)])
        except (OSError, ValueError):
            if not config["lenient"]:  # gVisor has only some of the limits; the rest is recorded
                raise
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(seccomp.program(timed=request.timed))


def evidence() -> dict[str, Any]:
    """Return what this process can see of its own locks, while it is still ours."""
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        points = sorted({line.split()[4] for line in file} - {SMALL_TOO})
    return {
        "security": {
            **processes.security("self"),
            "Seccomp": str(kernel.prctl(kernel.PR_GET_SECCOMP)),
            "NoNewPrivs": str(kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS)),
        },
        "rlimits": known_limits(),
        "writable": [one for one in points if os.access(one, os.W_OK) and not is_device(one)],
    }


def known_limits() -> dict[str, str]:
    """Return the limits that this kernel has by its names for them; gVisor tells none."""
    with contextlib.suppress(FileNotFoundError):
        return processes.resource_limits("self")
    return {}


def is_device(path: str) -> bool:
    """Tell whether it is a device, or a folder of them. Engines put /dev/null over files."""
    return path.startswith("/dev/") or stat.S_ISCHR(os.stat(path).st_mode)


def copy_in(ours: socket.socket) -> None:
    """Pass on what the checker says, then its end."""
    with contextlib.suppress(OSError):
        while data := os.read(0, CHUNK):
            ours.sendall(data)
    with contextlib.suppress(OSError):
        ours.shutdown(socket.SHUT_WR)


def copy_out(ours: socket.socket) -> None:
    """Pass on what the session says until all who could say something are gone."""
    with contextlib.suppress(OSError):
        while data := ours.recv(CHUNK):
            send(STREAM, data)


def say(message: dict[str, Any]) -> None:
    send(WORD, json.dumps(message).encode())


def send(kind: bytes, data: bytes) -> None:
    """Write one message to standard output, whole."""
    left = memoryview(MESSAGE.pack(kind, len(data)) + data)
    while left:
        left = left[os.write(1, left) :]


def read_line(descriptor: int) -> bytes:
    """Read up to a line's end and no further: what follows belongs to the stream."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte or len(line) > LINE_BYTES:
            zygote.leave(0)  # the daemon is gone, or never had a use for us
        line += byte
    return bytes(line)
