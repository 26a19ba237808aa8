"""A driver of devices that do what a test says: the one thing here that is not the real one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from grader.gpu.driver import Busy, DriverError, Reading

GIB = 1024**3
ONE = "GPU-00000000-1111-2222-3333-444444444444"
TWO = "GPU-55555555-6666-7777-8888-999999999999"
IDLE = Reading(name="Test GPU", total_bytes=80 * GIB, used_bytes=GIB // 2, uncorrected_errors=0)


@dataclass
class Simulated:
    """A `Driver` over readings that the test sets."""

    readings: dict[str, Reading] = field(default_factory=lambda: {ONE: IDLE})
    samples: list[Busy] | None = field(default_factory=list)
    events: dict[str, list[int]] = field(default_factory=dict)
    dead: bool = False
    looked: threading.Event = field(default_factory=threading.Event)

    def version(self) -> str:
        return "1.2"

    def uuids(self) -> list[str]:
        return list(self.readings)

    def read(self, uuid: str) -> Reading:
        self._answer()
        self.looked.set()
        return self.readings[uuid]

    def busy(self, uuid: str, since_microseconds: int) -> list[Busy] | None:
        self._answer()
        if self.samples is None:
            return None
        return [one for one in self.samples if one.at_microseconds > since_microseconds]

    def faults(self, uuid: str, seconds: float) -> list[int]:
        self._answer()
        if seconds:
            threading.Event().wait(seconds)
        found = self.events.get(uuid, [])
        self.events[uuid] = []
        return found

    def forget(self, uuid: str) -> None:
        self.events.pop(uuid, None)

    def change(self, uuid: str = ONE, **changes: object) -> None:
        self.readings[uuid] = replace(self.readings[uuid], **changes)  # type: ignore[arg-type]

    def _answer(self) -> None:
        if self.dead:
            raise DriverError("GPU is lost")
