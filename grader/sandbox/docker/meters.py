"""CPU time and memory of a container from its control groups, where this process sees them.

A daemon that is itself in a container does not, and asks the engine, which is slower.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
Read = Callable[[], float]


@dataclass(frozen=True)
class Meters:
    """Each raises OSError or ValueError once the container has ended; None: not to be seen here."""

    cpu: Read | None = None  # seconds
    memory: Read | None = None  # bytes

    @classmethod
    def of(cls, pid: int) -> Meters:
        """Find the control groups of a process."""
        try:
            lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        except OSError:
            return cls()
        places = {}
        for line in lines:
            _, controllers, path = line.split(":", 2)
            for controller in controllers.split(","):
                places[controller] = path.lstrip("/")
        unified = CGROUPS / places.get("", "absent")
        if (unified / "cpu.stat").exists() and (unified / "memory.current").exists():
            return cls(
                _first_number(unified / "cpu.stat", 1e-6), _number(unified / "memory.current")
            )
        cpu = CGROUPS / "cpuacct" / places.get("cpuacct", "absent") / "cpuacct.usage"
        memory = CGROUPS / "memory" / places.get("memory", "absent") / "memory.usage_in_bytes"
        return cls(
            _number(cpu, 1e-9) if cpu.exists() else None,
            _number(memory) if memory.exists() else None,
        )


def _number(file: Path, unit: float = 1.0) -> Read:
    return lambda: int(file.read_text()) * unit


def _first_number(file: Path, unit: float) -> Read:
    """Read `usage_usec 123`, the first line of cpu.stat."""
    return lambda: int(file.read_text().split()[1]) * unit
