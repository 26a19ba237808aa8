"""Where a verdict was made: engine, backend, flavour, libraries, processor, guarantees."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from grader.sandbox.session import Backend
from grader.verdict import Environment
from grader.version import engine

_DISTRIBUTION = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)\.dist-info")
_NAMED = {"numpy", "torch", "triton"}


def environment(backend: Backend, flavour: str, site_packages: Path) -> Environment:
    """Describe this host as it is now. Raises: HostError where a mandatory guarantee is gone."""
    held = backend.guarantees()
    return Environment(
        engine=engine(),
        backend=backend.name,
        flavour=flavour,
        cpu=cpu_model(),
        libraries=libraries(site_packages),
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


@functools.cache
def libraries(site_packages: Path) -> dict[str, str]:
    """Return the versions of the numeric libraries in a folder, without importing them."""
    found = (_DISTRIBUTION.fullmatch(path.name) for path in site_packages.glob("*.dist-info"))
    versions = {match["name"].lower(): match["version"] for match in found if match}
    return {name: versions[name] for name in sorted(_NAMED & versions.keys())}
