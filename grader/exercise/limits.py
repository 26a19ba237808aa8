"""What one exercise allows its sessions: the `[limits]` table of exercise.toml as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a session. Field names are those of exercise.toml."""

    wall_seconds: float = 10.0  # one call
    job_seconds: float = 60.0  # all calls of a job together
    cpu_seconds: float = 30.0  # all processes of a session together
    memory_mib: int = 512  # above what the bare flavour uses
    processes: int = 32  # threads count
    files: int = 64  # open at the same time
    output_kib: int = 1024  # printed, stdout and stderr together
    disk_mib: int = 16  # everything under /w, /tmp and /dev/shm together
    device_mib: int = 8192  # of a GPU's memory, where there is one; above what the flavour uses

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            low, high = BOUNDS[field.name]
            whole = isinstance(BOUNDS[field.name][1], int)
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                kind = "a whole number" if whole else "a number"
                raise ValueError(f"{field.name} must be {kind}, not {value!r}.")
            if not low <= value <= high:  # written so that NaN fails
                raise ValueError(f"{field.name} is {value}; it must lie between {low} and {high}.")

    def to_json(self) -> dict[str, float]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def replaced(self, values: Mapping[str, float]) -> Limits:
        """Return these limits with other values for some. Raises: ValueError, as `from_json`."""
        own = self.to_json()
        whole = {name for name, value in own.items() if isinstance(value, int)}
        new = {name: int(value) if name in whole else value for name, value in values.items()}
        return Limits.from_json({**own, **new})

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Limits:
        """Raises: ValueError, naming the field, for an unknown key or a value out of its bounds."""
        unknown = sorted(set(values) - set(BOUNDS))
        if unknown:
            raise ValueError(f"unknown limit {unknown[0]!r}; there are {', '.join(BOUNDS)}.")
        return cls(**values)  # type: ignore[arg-type]


BOUNDS: dict[str, tuple[float, float]] = {
    "wall_seconds": (0.1, 600.0),
    "job_seconds": (0.1, 3600.0),
    "cpu_seconds": (0.1, 3600.0),
    "memory_mib": (16, 65536),
    "processes": (1, 1024),
    "files": (16, 4096),
    "output_kib": (1, 65536),
    "disk_mib": (1, 4096),
    "device_mib": (64, 1048576),
}
