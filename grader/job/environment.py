"""Where a verdict was made: engine, backend, flavour, libraries, processor, guarantees."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from grader.job.backend import HostBackend
from grader.verdict import Environment
from grader.version import engine


def environment(
    backend: HostBackend, flavour: str, *, ran_code: bool, device: str = ""
) -> Environment:
    """Describe this host as it is now; libraries only where code of a flavour ran.

    Raises: HostError, where a mandatory guarantee is gone.
    """
    held = backend.guarantees()
    return Environment(
        engine=engine(),
        backend=backend.name,
        flavour=flavour,
        image=backend.image(flavour),
        cpu=cpu_model(),
        device=device,
        libraries=backend.versions(flavour) if ran_code else {},
        guarantees=tuple(sorted(name for name, holds in held.items() if holds)),
    )


@functools.cache
def cpu_model() -> str:
    """Return the processor's name as the kernel gives it, or nothing."""
    try:
        text = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        return ""
    found = re.search(r"^(?:model name|Model|Hardware)\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1).strip() if found else ""
