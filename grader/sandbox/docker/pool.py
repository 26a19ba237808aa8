"""The backend for runtimes that cannot hold a zygote: containers kept warm, each for one session.

Checkers run no student's code and need descriptors, so theirs stays a zygote under the engine's own
runtime. What must be imported has been imported before a session is asked for; the next container
starts as soon as one is taken.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.docker.backend import DockerBackend, container_uid
from grader.sandbox.docker.lone import Lone
from grader.sandbox.doctor import Finding
from grader.sandbox.session import Session
from grader.sandbox.zygotes import CHECKER, ENVIRONMENT

log = logging.getLogger(__name__)
BOOT = (
    "import sys; sys.path += ['/engine', '/flavour']; from grader.runner.single import main; main()"
)
STARTERS = 2
USUAL_DISK_MIB = Limits().disk_mib
UIDS = 2000  # below the containers' user: process limits count by user, so each has its own
CUDA = "torch-cuda"


@dataclass
class _Ready:
    """The containers of one flavour."""

    starting: deque[Future[Lone]] = field(default_factory=deque)
    versions: dict[str, str] = field(default_factory=dict)


class SingleUseBackend(DockerBackend):
    """Opens each session in a container of its own that was warm before."""

    optional_guarantees = frozenset({"user_namespace"})  # the container's, where it has one

    def __init__(self, **choices: Any) -> None:
        """See DockerBackend."""
        super().__init__(**choices)
        self._ready = {name: _Ready() for name in self._flavours if name != CHECKER}
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
    ) -> Session:
        """Open a session (see `Backend.open`). Raises: HostError."""
        self._require_flavour(flavour)
        lone = self._take(flavour, limits.disk_mib)
        return lone.open(limits, timed=timed, core=core, ended=ended)

    def warm(self, flavour: str) -> None:
        """Have the flavour's containers ready now. Raises: HostError."""
        if flavour == CHECKER:
            super().warm(flavour)
        else:
            self._fill(flavour)
            self._ready[flavour].starting[0].result()

    def versions(self, flavour: str) -> dict[str, str]:
        """Return the versions of interpreter and libraries of a flavour. Raises: HostError."""
        if not self._ready[flavour].versions:
            self.warm(flavour)
        return dict(self._ready[flavour].versions)

    def stop(self) -> None:
        with self._pool_lock:
            self._stopped = True
        self._starters.shutdown(cancel_futures=True)
        for ready in self._ready.values():
            for starting in ready.starting:
                if not starting.cancelled() and starting.exception() is None:
                    starting.result().discard()
            ready.starting.clear()
        super().stop()

    def prerequisites(self) -> list[Finding]:
        found = super().prerequisites()
        if self.settings.runtime:
            found.append(Finding("runtime", True, False, self.settings.runtime))
        return found

    def _take(self, flavour: str, disk_mib: int) -> Lone:
        """Return a warm container and see to the next. Raises: HostError."""
        if disk_mib != USUAL_DISK_MIB:  # the size of /w is fixed when a container starts
            return self._start_lone(flavour, disk_mib)
        while True:
            self._fill(flavour)
            with self._pool_lock:
                if self._stopped:
                    raise HostError("The sandbox has been stopped.")
                starting = self._ready[flavour].starting.popleft()
            lone = starting.result()
            self._fill(flavour)
            if lone.alive:
                return lone
            lone.discard()

    def _fill(self, flavour: str) -> None:
        """Start as many containers as are missing."""
        with self._pool_lock:
            ready = self._ready[flavour]
            while not self._stopped and len(ready.starting) < self.settings.pool:
                ready.starting.append(
                    self._starters.submit(self._start_lone, flavour, USUAL_DISK_MIB)
                )

    def _start_lone(self, flavour: str, disk_mib: int) -> Lone:
        chosen = self._flavours[flavour]
        config = {"preload": chosen.preload, "entry": chosen.entry}
        container = self.engine.start(
            flavour,
            BOOT,
            uid=container_uid() + 1 + next(self._users) % UIDS,
            mounts=dict(chosen.extra),
            environment=ENVIRONMENT,
            disk_mib=disk_mib,
        )
        try:
            lone = Lone(container, {**config, "address_space": flavour != CUDA})
            self._ready[flavour].versions = lone.wait()
        except HostError:
            container.remove()
            raise
        return lone
