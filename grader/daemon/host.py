"""What all connections of a daemon share."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from grader.contracts import Hello
from grader.daemon.bundles import Bundles
from grader.daemon.queue import Slots
from grader.gpu.lane import Devices
from grader.job.backend import HostBackend
from grader.sandbox.device import CUDA
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
    devices: Devices | None = None
    gpu: Slots = field(default_factory=lambda: Slots(1))  # who waits for a GPU holds up nobody else
    warm: set[str] = field(default_factory=set)

    @classmethod
    def make(
        cls,
        backend: HostBackend,
        bundles: Bundles,
        slot_count: int,
        flavours: set[str],
        devices: Devices | None = None,
    ) -> Host:
        slots, light = Slots(slot_count, timing_cores()), Slots(slot_count)
        gpu = Slots(max(1, devices.count() if devices is not None else 0))
        return cls(backend, bundles, slot_count, flavours, slots, light, devices, gpu)

    def no_gpu(self) -> str:
        """Return why this host does no GPU job now; empty: it does."""
        if CUDA not in self.flavours:
            return f"flavour {CUDA} is not offered here"
        return "nobody here leases GPUs" if self.devices is None else self.devices.absent()

    def hello(self) -> Hello:
        """Say what this host can do at this moment. Raises: HostError."""
        offered = self.flavours - ({CUDA} if self.no_gpu() else set())
        return Hello(
            engine=engine(),
            flavours=sorted(offered),
            warm=sorted(self.warm),
            slots=self.slot_count,
            gpus=self.devices.count() if self.devices is not None and CUDA in offered else 0,
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
        self.gpu.wake()
        if self.devices is not None:
            self.devices.wake()
