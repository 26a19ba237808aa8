"""What is different for a container that has a GPU.

Everything here follows from what CUDA does, and none of it has been seen on a device yet: a CUDA
program needs threads, many open files and some GiB of the host's memory before it has done
anything, and kernels are compiled to files that must be loaded.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from docker.types import DeviceRequest

from grader.exercise.limits import BOUNDS, Limits
from grader.sandbox.device import CONTEXT_MIB, Device, DeviceUse
from grader.sandbox.docker.container import Container

MIB = 1024**2
NEEDED = {"memory_mib": 3072, "processes": 64, "files": 192}  # by CUDA itself, above the limits
TMPFS = "rw,exec,nosuid,nodev,nr_inodes=2048,mode=1777"  # compiled kernels are loaded from there
ENVIRONMENT = {
    "CUDA_MODULE_LOADING": "LAZY",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # whoever only asks makes no context before the fork
    "NVIDIA_DRIVER_CAPABILITIES": "compute,utility",
}


def options(device: str, disk_mib: int) -> dict[str, Any]:
    """Return what a container with this device is created with, beyond what all have."""
    return {
        "device_requests": [DeviceRequest(device_ids=[device], capabilities=[["gpu"]])],
        "tmpfs": {"/w": f"{TMPFS},size={disk_mib}m"},
    }


def session_limits(limits: Limits) -> Limits:
    """Return an exercise's limits with what CUDA needs by itself on top, as far as they go."""
    higher = {
        field.name: min(
            getattr(limits, field.name) + NEEDED[field.name], int(BOUNDS[field.name][1])
        )
        for field in fields(Limits)
        if field.name in NEEDED
    }
    return replace(limits, **higher)


class OnDevice:
    """One container on a leased device: what its processes do there."""

    def __init__(self, device: Device, container: Container) -> None:
        self._device, self._container = device, container
        self._asked: set[int] = set()  # processes on the device of which it is known whose they are
        self._own: set[int] = set()

    def use(self) -> DeviceUse:
        """Raises: HostError, where the engine does not tell whose a process is."""
        new = set(self._device.processes()) - self._asked
        if new:
            self._own |= new & self._container.processes()
            self._asked |= new
        return self._device.use(self._own)

    def is_over(self, limits: Limits) -> bool:
        """Tell whether it has more of the device's memory than is allowed. Raises: HostError."""
        return self.use().bytes > (limits.device_mib + CONTEXT_MIB) * MIB
