"""What all connections of a daemon share."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from grader.contracts import Hello
from grader.daemon.bundles import Bundles
from grader.daemon.queue import Slots
from grader.job.backend import HostBackend
from grader.version import engine


def timing_cores() -> tuple[int, ...]:
    """Return the cores on which this host times: the last one of those that it may use."""
    return (max(os.sched_getaffinity(0)),)


@dataclass(frozen=True)
class Host:
    """One grader host: its sandbox, its versions, its slots."""

    backend: HostBackend
    bundles: Bundles
    slot_count: int
    flavours: set[str]  # students' code runs in them
    slots: Slots
    light: Slots  # `prepare`: a page that opens does not wait for long gradings
    warm: set[str] = field(default_factory=set)

    @classmethod
    def make(
        cls, backend: HostBackend, bundles: Bundles, slot_count: int, flavours: set[str]
    ) -> Host:
        slots = Slots(slot_count, timing_cores())
        return cls(backend, bundles, slot_count, flavours, slots, Slots(slot_count))

    def hello(self) -> Hello:
        """Say what this host can do at this moment. Raises: HostError."""
        return Hello(
            engine=engine(),
            flavours=sorted(self.flavours),
            warm=sorted(self.warm),
            slots=self.slot_count,
            guarantees=sorted(name for name, held in self.backend.guarantees().items() if held),
        )

    def hold(self, held: bool) -> None:
        """Start no job while held."""
        self.slots.hold(held)
        self.light.hold(held)

    def wake(self) -> None:
        """Let all that wait for a slot look again whether they still want one."""
        self.slots.wake()
        self.light.wake()
