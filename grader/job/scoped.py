"""The sessions of one job: timed ones wait for a reserved core, those on a GPU for a device.

Waiting costs the job no time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.gpu import lane
from grader.gpu.lane import Devices, Lease, NoDevice
from grader.job.cancel import Interrupted
from grader.sandbox.device import CUDA
from grader.sandbox.session import Backend, Session


class Timing(Protocol):
    """Where a job waits for the core on which it may time."""

    def timing(self, cancelled: Callable[[], bool]) -> AbstractContextManager[int | None]:
        """Wait for a core and hold it; None = any. Raises: Interrupted."""

    def wake(self) -> None:
        """Let all that wait look again whether they were cancelled."""


class Scoped:
    """Opens sessions for one job.

    The first timed one takes the timing slot until `release`, the first on a GPU a device. Those on
    a GPU take no timing slot: what they wait for is not done by a core.
    """

    def __init__(self, backend: Backend, timing: Timing, devices: Devices | None = None) -> None:
        self._backend = backend
        self._timing = timing
        self._devices = devices
        self.lease: Lease | None = None
        self._held = ExitStack()
        self._lock = threading.Lock()
        self._core: int | None = None
        self._has_core = False
        self._stopped = False
        self.opened = False  # whether any code of a flavour ran
        self._opening_since: float | None = None
        self._opening_seconds = 0.0

    def open(
        self,
        flavour: str,
        limits: Limits,
        *,
        timed: bool = False,
        core: int | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Session:
        """Open a session; the broker has checked what is asked. Raises: HostError."""
        with self._lock:
            self.opened = True
            self._opening_since = time.monotonic()
            try:
                if flavour == CUDA:
                    device = self._take_device()
                    return self._backend.open(
                        flavour, limits, timed=timed, ended=ended, device=device
                    )
                core = self._take_core() if timed else core
                return self._backend.open(flavour, limits, timed=timed, core=core, ended=ended)
            finally:
                self._opening_seconds += time.monotonic() - self._opening_since
                self._opening_since = None

    def waited(self) -> float:
        """Return the seconds so far in which the job waited for sessions and the timing slot."""
        since = self._opening_since
        return self._opening_seconds + (time.monotonic() - since if since is not None else 0.0)

    def stop(self) -> None:
        """Give up waiting for slot or device; `release` follows when nobody opens any more."""
        self._stopped = True
        self._timing.wake()
        if self._devices is not None:
            self._devices.wake()

    def release(self) -> None:
        """Give timing slot and device back, where they were taken. Raises: HostError."""
        self._held.close()

    def _take_core(self) -> int | None:
        if not self._has_core:
            try:
                self._core = self._held.enter_context(self._timing.timing(lambda: self._stopped))
            except Interrupted:
                raise HostError("The job was cancelled.") from None
            self._has_core = True
        return self._core

    def _take_device(self) -> Lease:
        if self.lease is None:
            if self._devices is None:
                raise NoDevice("Nobody here leases GPUs; `python -m grader serve` does.")
            try:
                self.lease = self._held.enter_context(self._devices.lease(lambda: self._stopped))
            except lane.Interrupted:
                raise HostError("The job was cancelled.") from None
        return self.lease
