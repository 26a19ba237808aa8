"""What the backends with warm zygotes share: one shell per flavour, one fork per session.

A backend says how a shell starts (`_start_shell`) and what its host needs (`prerequisites`); what a
zygote is asked, and how a session or a checker is put together, is the same for all of them.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox import doctor
from grader.sandbox.device import Device
from grader.sandbox.flavours import Flavour, standard_flavours
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.session import CheckerProcess, Session, receive
from grader.sandbox.shell import Shell

DEFAULT_SANDBOX_UID = 62137  # of the range that no distribution hands out
CHECKER = "checker"
START_SECONDS = 30.0  # for one process; far above what a loaded host needs
DEVICES = ("null", "zero", "full", "random", "urandom")
# One thread per library: timing needs it, and no pool may start in the zygote. The allocator keeps
# freed arrays of up to 32 MiB: given back to the kernel they come again as fresh pages, which costs
# a call several times its own work, or nothing where something happens to hold the heap's top.
ENVIRONMENT = {
    "HOME": "/w",
    "LANG": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/nowhere",
}


class ZygoteBackend(ABC):
    """Opens sessions and checkers as forks of warm zygotes. Safe for use by several threads."""

    name: str
    optional_guarantees: frozenset[str] = frozenset()  # of those that are mandatory elsewhere

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

    @abstractmethod
    def _start_shell(self, name: str, root: Path | None) -> Shell:
        """Start a flavour's shell; a checker's sees the exercises in `root`. Raises: HostError."""

    @abstractmethod
    def prerequisites(self) -> list[doctor.Finding]:
        """Return what this host must have before a session can be opened. Raises nothing."""

    def obstacle(self) -> str:
        """Return what is in the way of every session now, with its remedy; empty: nothing."""
        return ""

    def image(self, flavour: str) -> str:
        """Return the digest of what the flavour runs on; empty where it is this host itself."""
        return ""

    def open(
        self,
        flavour: str,
        limits: Limits,
        *,
        timed: bool = False,
        core: int | None = None,
        ended: Callable[[], None] | None = None,
        device: Device | None = None,
    ) -> Session:
        """Open a session (see `Backend.open`). Raises: HostError."""
        self._require_flavour(flavour)
        if device is not None:  # a fork of a warm zygote sees the devices of its shell: none
            raise HostError("A GPU needs the docker backend with GRADUS_DOCKER_MODE=single-use.")
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

    def findings(self) -> list[doctor.Finding]:
        """Return every guarantee with its state. Raises nothing."""
        return doctor.examine(self)

    def guarantees(self) -> dict[str, bool]:
        """Tell which guarantees hold, found out once by opening a session.

        Raises: HostError, with the remedy, when a mandatory one does not hold.
        """
        if self._guarantees is None:
            findings = self.findings()
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

    def _require_flavour(self, flavour: str) -> None:
        """Raises: HostError, where students' code cannot run in a flavour of this name."""
        if flavour == CHECKER or flavour not in self._flavours:
            raise HostError(f"There is no flavour {flavour!r} on this host.")

    def _shell(self, name: str, root: Path | None) -> Shell:
        """Return the living shell for a flavour (and, for checkers, a folder of exercises)."""
        with self._lock:
            if self._stopped:
                raise HostError("The sandbox has been stopped.")
            starting = self._shells.get((name, root))
            if starting is None or (starting.done() and not is_alive(starting)):
                if starting is not None and starting.exception() is None:
                    self._starter.submit(starting.result().stop)  # a dead container has to go, too
                starting = self._starter.submit(self._start_shell, name, root)
                self._shells[name, root] = starting
        return starting.result()

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


@functools.cache
def is_mapped(uid: int) -> bool:
    """Tell whether a user id exists here. Root of a rootless container may have no other."""
    rows = [map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return any(first <= uid < first + count for first, _, count in rows)


def require_readable(*folders: Path) -> None:
    """Raises: HostError, where root's files are closed to the uid that the sandboxes run under."""
    for folder in folders:
        if sandbox_uid() is not None and folder.stat().st_mode & 0o005 != 0o005:
            raise HostError(f"Sandboxes may not read {folder}; run `chmod -R o+rX {folder}`.")
