"""The backend for runtimes that cannot hold a zygote: containers kept warm, each for one session.

Checkers run no student's code and need descriptors, so theirs stays a zygote under the engine's own
runtime. What must be imported has been imported before a session is asked for; the next container
starts as soon as one is taken.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.device import CUDA, Device
from grader.sandbox.docker import cuda
from grader.sandbox.docker.backend import DockerBackend, container_uid
from grader.sandbox.docker.lone import Lone
from grader.sandbox.docker.settings import LINUX_RUNTIMES
from grader.sandbox.doctor import Finding
from grader.sandbox.session import Session
from grader.sandbox.zygotes import CHECKER, ENVIRONMENT

log = logging.getLogger(__name__)
BOOT = (
    "import sys; sys.path += ['/engine', '/flavour']; from grader.runner.single import main; main()"
)
STARTERS = 2
STOPPED = "The sandbox has been stopped."
USUAL_DISK_MIB = Limits().disk_mib
UIDS = 2000  # below the containers' user: process limits count by user, so each has its own


@dataclass
class _Ready:
    """The containers of one flavour, and of one GPU where it needs one."""

    starting: deque[Future[Lone]] = field(default_factory=deque)


class SingleUseBackend(DockerBackend):
    """Opens each session in a container of its own that was warm before."""

    def __init__(self, **choices: Any) -> None:
        """See DockerBackend."""
        super().__init__(**choices)
        self._lenient = self.settings.runtime not in LINUX_RUNTIMES
        # the user namespace is the container's, where it has one; gVisor has only some limits
        optional = {"user_namespace", "rlimits"} if self._lenient else {"user_namespace"}
        self.optional_guarantees = frozenset(optional)
        self._ready: defaultdict[tuple[str, str], _Ready] = defaultdict(_Ready)
        self._versions: dict[str, dict[str, str]] = {}
        self._serving: set[Lone] = set()
        self._pool_lock = threading.Lock()
        self._users = itertools.count()
        self._starters = ThreadPoolExecutor(STARTERS, thread_name_prefix="container starter")

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
        lone = self._take(flavour, limits.disk_mib, "" if device is None else device.uuid)
        self._note(lone)
        forget = partial(self._forget, lone)
        if device is not None:
            limits = cuda.session_limits(limits)
            # CUDA has threads of its own; all of it is frozen as a container, not by one signal
            timed, core = False, None
        try:
            return lone.open(
                limits, timed=timed, core=core, ended=ended, removed=forget, device=device
            )
        except HostError:
            forget()
            raise

    def warm(self, flavour: str) -> None:
        """Have the flavour's containers ready now. Raises: HostError."""
        if flavour == CHECKER:
            super().warm(flavour)
        elif flavour == CUDA:  # which device is known with the first job: only see that it starts
            self._start_lone(flavour, USUAL_DISK_MIB).discard()
        else:
            self._fill(flavour)
            self._ready[flavour, ""].starting[0].result()

    def versions(self, flavour: str) -> dict[str, str]:
        """Return the versions of interpreter and libraries of a flavour. Raises: HostError."""
        if flavour not in self._versions:
            self.warm(flavour)
        return dict(self._versions[flavour])

    def stop(self) -> None:
        with self._pool_lock:
            self._stopped = True
            serving = list(self._serving)
        self._starters.shutdown(cancel_futures=True)
        for ready in self._ready.values():
            for starting in ready.starting:
                if not starting.cancelled() and starting.exception() is None:
                    starting.result().discard()
            ready.starting.clear()
        for lone in serving:  # what an owner has closed may still have to be removed
            lone.discard()
        super().stop()

    def prerequisites(self) -> list[Finding]:
        found = super().prerequisites()
        if self.settings.runtime:
            found.append(Finding("runtime", True, False, self.settings.runtime))
        return found

    def _take(self, flavour: str, disk_mib: int, device: str) -> Lone:
        """Return a warm container and see to the next. Raises: HostError."""
        # the size of /w is fixed when a container starts
        if disk_mib != USUAL_DISK_MIB or (flavour == CUDA and not device):
            return self._start_lone(flavour, disk_mib, device)
        while True:
            self._fill(flavour, device)
            with self._pool_lock:
                if self._stopped:
                    raise HostError(STOPPED)
                starting = self._ready[flavour, device].starting.popleft()
            try:
                lone = starting.result()
            except CancelledError as error:
                raise HostError(STOPPED) from error
            self._fill(flavour, device)
            if lone.alive:
                return lone
            lone.discard()

    def _note(self, lone: Lone) -> None:
        """Remember one that serves a session, for `stop`. Raises: HostError, where that was."""
        with self._pool_lock:
            if not self._stopped:
                self._serving.add(lone)
                return
        lone.discard()
        raise HostError(STOPPED)

    def _forget(self, lone: Lone) -> None:
        with self._pool_lock:
            self._serving.discard(lone)

    def _fill(self, flavour: str, device: str = "") -> None:
        """Start as many containers as are missing."""
        with self._pool_lock:
            ready = self._ready[flavour, device]
            while not self._stopped and len(ready.starting) < self.settings.pool:
                ready.starting.append(
                    self._starters.submit(self._start_lone, flavour, USUAL_DISK_MIB, device)
                )

    def _start_lone(self, flavour: str, disk_mib: int, device: str = "") -> Lone:
        chosen = self._flavours[flavour]
        config = {
            "preload": chosen.preload,
            "entry": chosen.entry,
            "address_space": flavour != CUDA,
            "lenient": self._lenient,
        }
        container = self.engine.start(
            flavour,
            BOOT,
            uid=container_uid() + 1 + next(self._users) % UIDS,
            mounts=dict(chosen.extra),
            environment=ENVIRONMENT | (cuda.ENVIRONMENT if flavour == CUDA else {}),
            disk_mib=disk_mib,
            device=device,
        )
        try:
            lone = Lone(container, config)
            self._versions[flavour] = lone.wait()
        except (HostError, OSError) as error:
            container.remove()
            raise HostError(f"A container for {flavour} does not start: {error}") from error
        return lone
