"""A GPU as a backend and a checker see it; who leases it and watches it is `grader.gpu`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from grader.errors import HostError

CUDA = "torch-cuda"  # the flavour whose sessions get a device
CHECKERS_OWN = "numpy"  # whose libraries a checker has too: it runs references of this flavour
CONTEXT_MIB = 1024  # of a session's memory on a device: what the bare flavour uses there


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """What the driver said of the processes of one session, as far as it says anything."""

    seen: bool = False  # one of them was on the device
    bytes: int = 0  # of device memory, all of them together, at the last look
    peak_bytes: int = 0
    samples: int = 0  # how often the driver told how busy the device was on their account
    busy_samples: int = 0  # of these, how often it was at all

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DeviceUse:
        """Raises: HostError for anything that is none."""
        try:
            return cls(**data)
        except TypeError as error:
            raise HostError(f"A warden told nonsense of a device: {error}.") from None


class Device(Protocol):
    """A leased device. Safe for use by several threads."""

    @property
    def uuid(self) -> str:
        """Its name that holds on every host and after every start."""

    def processes(self) -> Collection[int]:
        """Return the processes, as the host numbers them, that were on it at the last look."""

    def use(self, processes: Collection[int]) -> DeviceUse:
        """Return what these did on it since the lease began."""
