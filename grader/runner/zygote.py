"""The warm process that every sandboxed process of one flavour is forked from.

It starts inside the shell that bubblewrap built (read-only root, no network, empty environment),
with a SOCK_SEQPACKET to the daemon as descriptor 0. The first message configures it. It leaves
root's uid behind, enters a user and pid namespace of its own, imports the flavour's modules,
rehearses its entry, and from then on forks one process per `open` message. It is single-threaded,
runs nothing that could start a thread, holds no secret and reads nothing that a sandboxed process
wrote. When it ends, every
process it forked is killed by the kernel, for it is process 1 of their outer pid namespace.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from grader.runner import isolate, kernel, processes, seccomp
from grader.runner.isolate import Request
from grader.runner.warden import Warden

MESSAGE_BYTES = 65536
MESSAGE_FDS = 16
WATCH_SECONDS = 0.25
Entry = Callable[..., Any]


def main() -> NoReturn:
    """Become the zygote; the shell's first Python line calls this."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    config = json.loads(control.recv(MESSAGE_BYTES))
    try:
        leave_root(config["uid"])
        enter_own_namespaces(control)
        seal_devices()
        entry = preload(config["preload"], config["entry"])
        rehearse(config["entry"])
    except BaseException as error:  # noqa: BLE001  the daemon must learn why, whatever it was
        traceback.print_exc()
        report(control.fileno(), error)
        leave(1)
    zygote = Zygote(control, entry)
    control.send(json.dumps({"ready": True, "versions": versions()}).encode())
    zygote.serve()


def leave_root(uid: int | None) -> None:
    """Give up real root, for process limits do not bind it. Nothing to do for an ordinary user."""
    if uid is None:
        return
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def enter_own_namespaces(control: socket.socket) -> None:
    """Go on as process 1 of a pid namespace that a user namespace of our own owns.

    Only the owner of its pid namespace may fork children into fresh ones again and again.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNS)
    isolate.map_ids(uid, gid)
    pid = os.fork()
    if pid:
        control.close()
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def seal_devices() -> None:
    """Make the device files read-only: written to as before, but nobody can leave a mark on them.

    They are the host's, shared by all sessions, and their times would be a channel between those.
    """
    for name in os.listdir("/dev"):
        path = f"/dev/{name}"
        if not os.path.islink(path):
            held = os.statvfs(path).f_flag & isolate.KEPT_FLAGS  # a remount may not drop them
            flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY
            kernel.mount("none", path, "", flags | held)


def preload(modules: list[str], entry: str) -> Entry:
    """Import what every process of this flavour starts with and return the entry."""
    for name in modules:
        importlib.import_module(name)
    module, _, function = entry.partition(":")
    found: Entry = getattr(importlib.import_module(module), function)
    require_one_thread()
    return found


def rehearse(entry: str) -> None:
    """Run what all forks will run once before them, where the entry's package says how.

    Python and numpy make themselves fast at the first uses and note it in memory; done here, no
    fork does it again, nor copies those pages.
    """
    package = entry.partition(":")[0].rpartition(".")[0]
    if package and importlib.util.find_spec(f"{package}.rehearse") is not None:
        importlib.import_module(f"{package}.rehearse").rehearse()
    require_one_thread()


def require_one_thread() -> None:
    """Raises: RuntimeError."""
    if processes.thread_count() != 1:
        raise RuntimeError("an import started a thread; forks of this process would not be safe")


def versions() -> dict[str, str]:
    """Return the versions of interpreter and preloaded libraries, for the verdict."""
    found = {"python": sys.version.split()[0]}
    for name in ("numpy", "torch"):
        if name in sys.modules:
            found[name] = str(sys.modules[name].__version__)
    return found


class Zygote:
    """The loop over the daemon's socket and the wardens of all living processes."""

    def __init__(self, control: socket.socket, entry: Entry) -> None:
        self.control = control
        self.entry = entry
        self.programs = {timed: seccomp.program(timed=timed) for timed in (False, True)}
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.wardens: dict[int, Warden] = {}  # by control socket and by pidfd
        self.base_bytes = processes.memory_bytes()
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        gc.collect()
        gc.freeze()  # keeps the collector from touching, and so copying, what all forks share

    def serve(self) -> NoReturn:
        """Serve until the daemon is gone."""
        watched = time.monotonic()
        while True:
            timeout = WATCH_SECONDS * 1000 if self.wardens else None
            for descriptor, _ in self.poll.poll(timeout):
                self.react(descriptor)
            if self.wardens and time.monotonic() - watched > WATCH_SECONDS:
                self.watch()
                watched = time.monotonic()

    def react(self, descriptor: int) -> None:
        """Handle what one descriptor has to say."""
        if descriptor == self.control.fileno():
            self.receive()
            return
        warden = self.wardens.get(descriptor)
        if warden is None:  # it ended earlier in this round
            return
        if descriptor == warden.pidfd:
            self.forget(warden)
        else:
            warden.serve()
            if warden.closing:
                self.poll.unregister(descriptor)
                del self.wardens[descriptor]

    def receive(self) -> None:
        """Read one `open` message with its descriptors."""
        data, fds, _, _ = socket.recv_fds(self.control, MESSAGE_BYTES, MESSAGE_FDS)
        if not data:
            os._exit(0)
        message = json.loads(data)
        roles: dict[str, list[int]] = {"entry": [], "output": [], "control": [], "cgroup": []}
        for role, fd in zip(message["fds"], fds, strict=True):
            roles.setdefault(role, []).append(fd)
        self.open(Request(**message["request"]), roles)

    def open(self, request: Request, roles: dict[str, list[int]]) -> None:
        """Fork the process and its warden."""
        try:
            kernel.setns(self.own_pids, kernel.CLONE_NEWPID)
            kernel.unshare(kernel.CLONE_NEWPID)
            pid = os.fork()
        except OSError as error:
            report(roles["control"][0], error)
            self.send({"ended": request.id})
            close_all(roles)
            return
        if pid == 0:
            # Their numbers will mean other things here: no collector may close them later.
            for held in (self.control, *[warden.control for warden in self.wardens.values()]):
                held.detach()
            self.wardens.clear()
            become(request, roles, self.entry, self.programs[request.timed])
        control = socket.socket(fileno=roles.pop("control")[0])
        events = roles.pop("events", [None])[0]
        close_all(roles)
        warden = Warden(request, pid, control, events)
        for descriptor in (control.fileno(), warden.pidfd):
            self.wardens[descriptor] = warden
            self.poll.register(descriptor, select.POLLIN)

    def forget(self, warden: Warden) -> None:
        """Report an ended process to its owner and to the daemon."""
        descriptors = (warden.control.fileno(), warden.pidfd)
        if not warden.ended():
            return
        for descriptor in descriptors:
            if self.wardens.pop(descriptor, None) is not None:
                self.poll.unregister(descriptor)
        self.send({"ended": warden.request.id})

    def watch(self) -> None:
        """Look after limits that bind all processes of a sandbox together."""
        found = processes.scan()
        for descriptor, warden in list(self.wardens.items()):
            if descriptor == warden.pidfd:
                warden.watch(found, self.base_bytes)

    def send(self, message: dict[str, Any]) -> None:
        try:
            self.control.send(json.dumps(message).encode())
        except OSError:
            os._exit(0)  # the daemon is gone


def become(request: Request, roles: dict[str, list[int]], entry: Entry, program: bytes) -> NoReturn:
    """Turn a fresh fork into the sandboxed process: lock it in, then call its entry."""
    control = roles["control"][0]
    code = 1
    try:
        isolate.join_groups(roles["cgroup"])
        control = isolate.place_descriptors(roles)
        isolate.isolate(request, program)
        os.write(control, b'{"started": true}')
        os.close(control)
        control = -1
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        entry(*isolate.entry_sockets(request.entry_fds))
        code = 0
    except BaseException as error:  # noqa: BLE001  the last frame of this process
        if control >= 0:
            report(control, error)
        else:
            traceback.print_exc()
    finally:
        leave(code)


def leave(code: int) -> NoReturn:
    """End without running anything that foreign code may have left for the end."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def report(control: int, error: BaseException) -> None:
    """Tell the owner that the process could not be isolated."""
    message = {"failed": f"{type(error).__name__}: {error}"}
    os.write(control, json.dumps(message).encode()[:4000])


def close_all(roles: dict[str, list[int]]) -> None:
    for fds in roles.values():
        for fd in fds:
            os.close(fd)
