"""Looks at a leased device while a job has it: who is on it, how busy they keep it, what broke.

The driver's sampling is coarse (a sixth of a second at best), so what is seen is a lower bound: a
process that was seen was there; one that was not seen may have been there shortly.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection

from grader.gpu.driver import Busy, Driver, DriverError
from grader.gpu.health import Fault, of_events
from grader.sandbox.device import DeviceUse

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.25


class Watch:
    """What the driver said of one device since a lease began."""

    def __init__(self, driver: Driver, uuid: str, *, seconds: float = LOOK_SECONDS) -> None:
        self._driver, self._uuid, self._seconds = driver, uuid, seconds
        self._lock = threading.Lock()
        self._now: dict[int, int] = {}  # process -> bytes; 0 where the driver does not tell
        self._peak: Counter[int] = Counter()
        self._samples: list[Busy] = []
        self._last_sample = 0
        self._events: list[int] = []
        self._silent: Fault | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="device watch", daemon=True)

    def start(self) -> None:
        """Look at it from now on. What was sampled before is not counted. Raises: DriverError."""
        old = self._driver.busy(self._uuid, 0) or []
        self._last_sample = max((one.at_microseconds for one in old), default=0)
        self._driver.faults(self._uuid, 0.0)  # those of before are nobody's here
        self._thread.start()

    def stop(self) -> None:
        """Look once more, then no more."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
            self._guarded(lambda: self.look(0.0))
        self._driver.forget(self._uuid)

    def look(self, seconds: float) -> None:
        """Wait for faults so long, then note who is there. Raises: DriverError."""
        events = self._driver.faults(self._uuid, seconds)
        processes = self._driver.read(self._uuid).processes
        samples = self._driver.busy(self._uuid, self._last_sample) or []
        with self._lock:
            self._events += events
            self._now = {process: used or 0 for process, used in processes.items()}
            for process, used in self._now.items():
                self._peak[process] = max(self._peak[process], used)
            self._samples += [one for one in samples if one.at_microseconds > self._last_sample]
            self._last_sample = max([self._last_sample, *(one.at_microseconds for one in samples)])

    def processes(self) -> Collection[int]:
        """Return who was on it at the last look."""
        with self._lock:
            return set(self._now)

    def use(self, processes: Collection[int]) -> DeviceUse:
        """Return what these processes did on it so far."""
        with self._lock:
            theirs = [one for one in self._samples if one.process in processes]
            return DeviceUse(
                seen=any(process in self._peak for process in processes),
                bytes=sum(self._now.get(process, 0) for process in processes),
                peak_bytes=sum(self._peak[process] for process in processes),
                samples=len(theirs),
                busy_samples=sum(one.percent > 0 for one in theirs),
            )

    def fault(self) -> Fault | None:
        """Return what broke, other than by what a program can do."""
        with self._lock:
            return of_events(self._events) or self._silent

    def _run(self) -> None:
        while not self._stop.is_set() and self._guarded(lambda: self.look(self._seconds)):
            pass

    def _guarded(self, look: Callable[[], None]) -> bool:
        try:
            look()
        except DriverError as error:
            log.exception("device %s does not answer", self._uuid)
            with self._lock:
                self._silent = Fault(f"The driver does not answer for it: {error}.", lasting=True)
            return False
        return True
