"""Devices for jobs: one job has a device, across all daemons of this host, and gives it back whole.

A device is leased where nobody holds its lock, it is not in quarantine, it is in order and no
process of others is on it. After the job it must be as it was, or it rests.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from grader.errors import HostError
from grader.gpu import health
from grader.gpu.driver import Driver, DriverError, NoDriver, Reading
from grader.gpu.health import Fault
from grader.gpu.places import Places
from grader.gpu.watch import Watch
from grader.sandbox.device import DeviceUse

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.5  # how often whoever waits looks: another daemon's lock wakes nobody
RETURN_SECONDS = 10.0  # how long memory may take to come back when the last process has gone


class NoDevice(HostError):
    """No device can be leased here, however long one waits."""


class Interrupted(Exception):
    """Whoever waited for a device wants none any more."""


class Lease:
    """A device in one job's hands (a `grader.sandbox.device.Device`)."""

    def __init__(self, uuid: str, name: str, driver: str, watch: Watch) -> None:
        self.uuid, self.name, self.driver = uuid, name, driver
        self.fault: Fault | None = None  # known once the lease has ended
        self._watch = watch

    def processes(self) -> Collection[int]:
        return self._watch.processes()

    def use(self, processes: Collection[int]) -> DeviceUse:
        return self._watch.use(processes)


@dataclass(frozen=True, slots=True)
class State:
    """One device, as an operator sees it."""

    uuid: str
    name: str
    usable: bool
    detail: str


class Devices:
    """The devices of this host. Safe for use by several threads."""

    def __init__(
        self,
        driver: Driver | NoDriver,
        places: Places,
        *,
        clock: Callable[[], float] = time.time,
        look_seconds: float = LOOK_SECONDS,
        return_seconds: float = RETURN_SECONDS,
    ) -> None:
        """Ask nothing yet. `driver` may be the reason why there is none."""
        self._driver, self._places, self._clock = driver, places, clock
        self._look_seconds, self._return_seconds = look_seconds, return_seconds
        self._changed = threading.Condition()

    def states(self) -> list[State]:
        """Return every device. Raises: NoDriver, DriverError."""
        driver = self._required()
        return [self._state(driver, uuid) for uuid in sorted(driver.uuids())]

    def absent(self) -> str:
        """Return why no device can be had now, whoever has them; empty: one can."""
        try:
            states = self.states()
        except DriverError as error:
            return str(error)
        if any(state.usable for state in states):
            return ""
        return "; ".join(f"{s.uuid}: {s.detail}" for s in states) or "the driver knows no device"

    def count(self) -> int:
        """Return how many could be leased, were nobody at work on them."""
        try:
            return sum(state.usable for state in self.states())
        except DriverError:
            return 0

    def first(self) -> str:
        """Return a device that can be leased, for what is got ready ahead. Raises: NoDevice."""
        try:
            usable = [state.uuid for state in self.states() if state.usable]
        except DriverError as error:
            raise NoDevice(f"This host has no GPU: {error}.") from None
        if not usable:
            raise NoDevice(f"No GPU of this host can be used: {self.absent()}.")
        return usable[0]

    def wake(self) -> None:
        """Let all that wait look again whether they still want a device."""
        with self._changed:
            self._changed.notify_all()

    @contextmanager
    def lease(self, given_up: Callable[[], bool]) -> Iterator[Lease]:
        """Wait for a device and hold it. Raises: NoDevice, Interrupted; HostError."""
        with ExitStack() as held:
            lease = self._take(held)
            while lease is None:
                if given_up():
                    raise Interrupted
                self.first()
                with self._changed:
                    self._changed.wait(self._look_seconds)
                lease = self._take(held)
            yield lease
        self.wake()

    def _take(self, held: ExitStack) -> Lease | None:
        """Lease the first device that is free; None where all are in use."""
        try:
            uuids = sorted(self._required().uuids())
        except DriverError as error:
            raise NoDevice(f"This host has no GPU: {error}.") from None
        for uuid in uuids:
            with ExitStack() as attempt:
                if not attempt.enter_context(self._places.lock(uuid)):
                    continue
                lease = self._begin(uuid, attempt)
                if lease is not None:
                    held.push(attempt.pop_all())
                    return lease
        return None

    def _begin(self, uuid: str, held: ExitStack) -> Lease | None:
        """Look at a device whose lock is held; None where it may not be used now."""
        driver, now = self._required(), self._clock()
        if self._places.quarantined(uuid, now):
            return None
        try:
            before = driver.read(uuid)
            if before.is_divided or health.occupied(before):
                return None
            fault = health.unfit(before)
            watch = Watch(driver, uuid, seconds=self._look_seconds / 2)
            if fault is None:
                watch.start()
            lease = Lease(uuid, before.name, driver.version(), watch)
        except DriverError as error:
            fault = Fault(f"The driver does not answer for it: {error}.", lasting=True)
        if fault is not None:
            self._rest(uuid, fault)
            return None
        held.callback(self._end, lease, watch, before)
        return lease

    def _end(self, lease: Lease, watch: Watch, before: Reading) -> None:
        watch.stop()
        lease.fault = watch.fault() or self._settled(lease.uuid, before)
        if lease.fault is not None:
            try:
                self._rest(lease.uuid, lease.fault)
            except HostError:  # the job is done all the same; locks in that folder fail as well
                log.exception("device %s could not be put into quarantine", lease.uuid)

    def _settled(self, uuid: str, before: Reading) -> Fault | None:
        """Wait until the device is as it was; return what is not."""
        driver, end = self._required(), time.monotonic() + self._return_seconds
        while True:
            try:
                fault = health.came_back(before, driver.read(uuid))
            except DriverError as error:
                return Fault(f"The driver does not answer for it: {error}.", lasting=True)
            left = end - time.monotonic()
            if fault is None or fault.lasting or left <= 0:
                return fault
            time.sleep(min(self._look_seconds, left))

    def _rest(self, uuid: str, fault: Fault) -> None:
        log.error("device %s is put into quarantine: %s", uuid, fault.reason)
        self._places.quarantine(uuid, fault, self._clock())

    def _state(self, driver: Driver, uuid: str) -> State:
        reading = driver.read(uuid)
        rest = self._places.quarantined(uuid, self._clock())
        if reading.is_divided:
            return State(uuid, reading.name, False, "divided into MIG slices: not supported")
        if rest is not None:
            return State(uuid, reading.name, False, f"in quarantine: {rest.reason}")
        fault = health.unfit(reading)
        if fault is not None:
            return State(uuid, reading.name, False, fault.reason)
        return State(uuid, reading.name, True, health.occupied(reading) or "free")

    def _required(self) -> Driver:
        """Raises: NoDriver."""
        if isinstance(self._driver, NoDriver):
            raise self._driver
        return self._driver
