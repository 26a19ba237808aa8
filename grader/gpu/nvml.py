"""NVIDIA's management library as a `Driver`. The only module that calls into it.

It never makes a CUDA context, so looking at a device takes none of its memory. Process numbers are
those of the host. A number that the driver does not tell is None, never a guess.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import pynvml

from grader.gpu.driver import Busy, DriverError, NoDriver, Reading

T = TypeVar("T")
MILLI = 1000.0


class Nvml:
    """A `Driver` on this host's library."""

    def __init__(self) -> None:
        """Raises: NoDriver."""
        try:
            pynvml.nvmlInit()
        except pynvml.NVMLError_LibraryNotFound:
            raise NoDriver("no libnvidia-ml.so.1 on this host") from None
        except pynvml.NVMLError as error:
            raise NoDriver(f"the driver does not answer: {error}") from None
        self._lock = threading.Lock()
        self._events: dict[str, Any] = {}

    def version(self) -> str:
        return str(asked(pynvml.nvmlSystemGetDriverVersion))

    def uuids(self) -> list[str]:
        count = asked(pynvml.nvmlDeviceGetCount)
        handles = [asked(partial(pynvml.nvmlDeviceGetHandleByIndex, i)) for i in range(count)]
        return [str(asked(partial(pynvml.nvmlDeviceGetUUID, handle))) for handle in handles]

    def read(self, uuid: str) -> Reading:
        handle = self._handle(uuid)
        memory = asked(lambda: pynvml.nvmlDeviceGetMemoryInfo(handle))
        remapped = known(lambda: pynvml.nvmlDeviceGetRemappedRows(handle)) or (0, 0, 0, 0)
        mig = known(lambda: pynvml.nvmlDeviceGetMigMode(handle)) or [0]
        return Reading(
            name=str(asked(lambda: pynvml.nvmlDeviceGetName(handle))),
            total_bytes=int(memory.total),
            used_bytes=int(memory.used),
            processes={int(p.pid): p.usedGpuMemory for p in self._processes(handle)},
            uncorrected_errors=known(
                lambda: pynvml.nvmlDeviceGetTotalEccErrors(
                    handle, pynvml.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, pynvml.NVML_VOLATILE_ECC
                )
            ),
            needs_reset=bool(remapped[2] or remapped[3]),
            is_divided=bool(mig[0]),
        )

    def busy(self, uuid: str, since_microseconds: int) -> list[Busy] | None:
        handle = self._handle(uuid)
        try:
            samples = pynvml.nvmlDeviceGetProcessUtilization(handle, since_microseconds)
        except pynvml.NVMLError as error:
            nothing = (pynvml.NVML_SUCCESS, pynvml.NVML_ERROR_NOT_FOUND)  # no process, no sample
            if error.value in nothing:
                return []
            if error.value == pynvml.NVML_ERROR_NOT_SUPPORTED:
                return None
            raise DriverError(str(error)) from None
        return [Busy(int(s.pid), int(s.timeStamp), int(s.smUtil)) for s in samples if s.timeStamp]

    def faults(self, uuid: str, seconds: float) -> list[int]:
        events = self._listen(uuid)
        found: list[int] = []
        milliseconds = int(seconds * MILLI)
        while True:
            try:
                event = pynvml.nvmlEventSetWait_v2(events, milliseconds)
            except pynvml.NVMLError as error:
                if error.value == pynvml.NVML_ERROR_TIMEOUT:
                    return found
                raise DriverError(str(error)) from None
            found.append(int(event.eventData))
            milliseconds = 0

    def forget(self, uuid: str) -> None:
        with self._lock:
            events = self._events.pop(uuid, None)
        if events is not None:
            with contextlib.suppress(pynvml.NVMLError):
                pynvml.nvmlEventSetFree(events)

    def _listen(self, uuid: str) -> Any:
        with self._lock:
            if uuid not in self._events:
                events = asked(pynvml.nvmlEventSetCreate)
                handle = self._handle(uuid)
                kind = pynvml.nvmlEventTypeXidCriticalError
                asked(lambda: pynvml.nvmlDeviceRegisterEvents(handle, kind, events))
                self._events[uuid] = events
            return self._events[uuid]

    def _handle(self, uuid: str) -> Any:
        return asked(lambda: pynvml.nvmlDeviceGetHandleByUUID(uuid))

    def _processes(self, handle: Any) -> list[Any]:
        compute = asked(lambda: pynvml.nvmlDeviceGetComputeRunningProcesses(handle))
        graphics = known(lambda: pynvml.nvmlDeviceGetGraphicsRunningProcesses(handle)) or []
        return [*graphics, *compute]


def asked(question: Callable[[], T]) -> T:
    """Raises: DriverError."""
    try:
        return question()
    except pynvml.NVMLError as error:
        raise DriverError(str(error)) from None


def known(question: Callable[[], T]) -> T | None:
    """Return the answer; None where this device does not tell. Raises: DriverError."""
    try:
        return question()
    except pynvml.NVMLError_NotSupported:
        return None
    except pynvml.NVMLError as error:
        raise DriverError(str(error)) from None
