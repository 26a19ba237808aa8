"""Whether a device may be leased, and whether it came back as it was: rules over readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.gpu.driver import Reading

MIB = 1024**2
LEFT_BEHIND_BYTES = 64 * MIB  # drivers keep a little; more than this was not given back
# What a program can cause by itself, as NVIDIA's catalogue of Xid numbers has it: an exception of
# the engine, a page fault, a channel stopped, a channel cleaned up after its process was ended.
OF_PROGRAMS = frozenset({13, 31, 43, 45})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a device must rest. `lasting`: until an operator has looked, whatever the time."""

    reason: str
    lasting: bool = False


def unfit(reading: Reading) -> Fault | None:
    """Tell what speaks against a lease although nobody is on the device."""
    if reading.needs_reset:
        return Fault("Rows of its memory are broken and wait for a reset.", lasting=True)
    return None


def occupied(reading: Reading) -> str:
    """Tell who else is on the device; empty: nobody. That is no fault of it."""
    if not reading.processes:
        return ""
    numbers = ", ".join(str(process) for process in sorted(reading.processes))
    return f"used by processes of others: {numbers}"


def came_back(before: Reading, after: Reading) -> Fault | None:
    """Compare a device after a job with what it was before; None where all is well.

    Memory and processes may take a moment to go: ask again before believing a fault of that kind.
    """
    fault = unfit(after) or _new_errors(before, after)
    if fault is not None:
        return fault
    if after.processes:
        numbers = ", ".join(str(process) for process in sorted(after.processes))
        return Fault(f"Processes stayed on it after the job: {numbers}.")
    left = after.used_bytes - before.used_bytes
    if left > LEFT_BEHIND_BYTES:
        return Fault(f"{left // MIB} MiB of its memory were not given back.")
    return None


def of_events(numbers: Iterable[int]) -> Fault | None:
    """Judge the Xid numbers that came during a job; those that a program causes are none."""
    grave = sorted(set(numbers) - OF_PROGRAMS)
    if not grave:
        return None
    named = ", ".join(str(number) for number in grave)
    return Fault(f"The driver reported Xid {named}.", lasting=True)


def _new_errors(before: Reading, after: Reading) -> Fault | None:
    if before.uncorrected_errors is None or after.uncorrected_errors is None:
        return None
    new = after.uncorrected_errors - before.uncorrected_errors
    return (
        Fault(f"{new} errors of its memory were not corrected.", lasting=True) if new > 0 else None
    )
