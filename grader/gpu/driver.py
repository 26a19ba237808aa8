"""What a driver can say of its devices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

UUID = re.compile(r"GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DriverError(Exception):
    """The driver gave no answer, or says that the device has gone."""


class NoDriver(DriverError):
    """There is no driver on this host, or no library to speak to it: no devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One device at one moment."""

    name: str
    total_bytes: int
    used_bytes: int
    processes: Mapping[int, int | None] = field(default_factory=dict)  # pid -> bytes, where told
    uncorrected_errors: int | None = None  # of memory, since the driver started; None: not counted
    needs_reset: bool = False  # rows of its memory could not be replaced, or wait for a reset
    is_divided: bool = False  # into MIG slices, which nobody here can lease


@dataclass(frozen=True, slots=True)
class Busy:
    """How busy one process kept the device over one sampling period of the driver."""

    process: int
    at_microseconds: int  # by the driver's clock
    percent: int  # of the period in which a kernel of it ran


class Driver(Protocol):
    """Answers about devices. Every method raises DriverError; any thread may call."""

    def version(self) -> str:
        """Return the driver's version."""

    def uuids(self) -> list[str]:
        """Return the devices of this host."""

    def read(self, uuid: str) -> Reading:
        """Look at a device."""

    def busy(self, uuid: str, since_microseconds: int) -> list[Busy] | None:
        """Return the samples after a time of the driver's clock; None: it takes none."""

    def faults(self, uuid: str, seconds: float) -> list[int]:
        """Wait so long at most for faults of a device (Xid numbers) since the last question."""

    def forget(self, uuid: str) -> None:
        """Collect no more faults of this device. Raises nothing."""
