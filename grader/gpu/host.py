"""The devices of the host that this process runs on."""

from __future__ import annotations

from grader.gpu.driver import Driver, DriverError, NoDriver
from grader.gpu.lane import Devices
from grader.gpu.places import from_environment
from grader.sandbox.doctor import Finding


def devices() -> Devices:
    """Find out what this host has. Raises: HostError, for settings that make no sense."""
    return Devices(_driver(), from_environment())


def examine(found: Devices) -> Finding:
    """Return doctor's one line on devices. Optional: without any, lane gpu is not offered."""
    try:
        states = found.states()
    except DriverError as error:
        detail = f"none: {error}; lane gpu is not offered here"
        return Finding("gpu", False, False, detail)
    told = "; ".join(f"{s.name} {s.uuid}: {s.detail}" for s in states)
    held = any(state.usable for state in states)
    remedy = "`python -m grader gpu release UUID` ends a quarantine."
    return Finding("gpu", held, False, told or "none", "" if held else remedy)


def _driver() -> Driver | NoDriver:
    try:
        from grader.gpu.nvml import Nvml  # its library is looked for at import

        return Nvml()
    except ImportError as error:
        return NoDriver(f"{error.name} is not installed")
    except NoDriver as error:
        return error
