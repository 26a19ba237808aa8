"""The backends by name, and what a host asks of one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from grader.errors import HostError
from grader.sandbox.bubblewrap import BubblewrapBackend
from grader.sandbox.doctor import Finding
from grader.sandbox.session import Backend

BACKENDS = ("bubblewrap", "docker")


class HostBackend(Backend, Protocol):
    """A backend that can be warmed up and asked what it holds."""

    @property
    def flavours(self) -> Mapping[str, object]:
        """What it can open, "checker" included."""

    def findings(self) -> list[Finding]:
        """Return every guarantee with its state. Raises nothing."""

    def obstacle(self) -> str:
        """Return what is in the way of every session now, with its remedy; empty: nothing."""

    def image(self, flavour: str) -> str:
        """Return the digest of what the flavour runs on; empty where it is this host itself."""

    def versions(self, flavour: str) -> dict[str, str]:
        """Return the versions of interpreter and libraries of a flavour. Raises: HostError."""

    def warm(self, flavour: str) -> None:
        """Start the flavour's shell now and not with the first session. Raises: HostError."""


def open_backend(name: str, versions: Path) -> HostBackend:
    """Return a backend whose checkers see the exercise versions in a folder.

    Raises: HostError for an unknown name, or where the host cannot isolate.
    """
    if name not in BACKENDS:
        raise HostError(f"There is no backend {name!r}; there is {', '.join(BACKENDS)}.")
    if name == "docker":
        from grader.sandbox.docker.choose import docker_backend  # hosts without an engine need none

        return docker_backend(exercises=versions)
    return BubblewrapBackend(exercises=versions)
