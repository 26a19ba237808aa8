"""What one job may open: sessions of its exercise's flavour, timed ones on a reserved core."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.job.cancel import Interrupted
from grader.sandbox.session import Backend, Session


class Timing(Protocol):
    """Where a job waits for the core on which it may time."""

    def timing(self, cancelled: Callable[[], bool]) -> AbstractContextManager[int | None]:
        """Wait for a core and hold it; None = any. Raises: Interrupted."""

    def wake(self) -> None:
        """Let all that wait look again whether they were cancelled."""


class Scoped:
    """The sessions of one job. The first timed one takes the timing slot until `release`."""

    def __init__(self, backend: Backend, flavour: str, limits: Limits, timing: Timing) -> None:
        self._backend = backend
        self._flavour = flavour
        self._limits = limits
        self._timing = timing
        self._held = ExitStack()
        self._lock = threading.Lock()
        self._core: int | None = None
        self._has_core = False
        self._stopped = False
        self._wait_began: float | None = None
        self._waited = 0.0

    def open(
        self,
        flavour: str,
        limits: Limits,
        *,
        timed: bool = False,
        core: int | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Session:
        """Open a session within the exercise's own limits. Raises: HostError."""
        if flavour != self._flavour:
            raise HostError(f"This job may open sessions of {self._flavour}, not of {flavour}.")
        core = self._take_core() if timed else None
        return self._backend.open(
            flavour, at_most(limits, self._limits), timed=timed, core=core, ended=ended
        )

    def waited(self) -> float:
        """Return the seconds that this job spent waiting for the timing slot so far."""
        began = self._wait_began
        return self._waited + (time.monotonic() - began if began is not None else 0.0)

    def stop(self) -> None:
        """Give up waiting for the timing slot; `release` follows when nobody opens any more."""
        self._stopped = True
        self._timing.wake()

    def release(self) -> None:
        """Give the timing slot back, where it was taken."""
        self._held.close()

    def _take_core(self) -> int | None:
        with self._lock:
            if not self._has_core:
                self._wait_began = time.monotonic()
                try:
                    self._core = self._held.enter_context(
                        self._timing.timing(lambda: self._stopped)
                    )
                except Interrupted:
                    raise HostError("The job was cancelled.") from None
                finally:
                    self._waited += time.monotonic() - self._wait_began
                    self._wait_began = None
                self._has_core = True
            return self._core


def at_most(asked: Limits, most: Limits) -> Limits:
    """Return the asked limits, none above those of the exercise."""
    highest = most.to_json()
    return Limits.from_json(
        {name: min(value, highest[name]) for name, value in asked.to_json().items()}
    )
