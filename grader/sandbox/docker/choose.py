"""Which docker backend the settings ask for."""

from __future__ import annotations

from typing import Any

from grader.sandbox.docker.backend import DockerBackend
from grader.sandbox.docker.pool import SingleUseBackend
from grader.sandbox.docker.settings import Mode, from_environment


def docker_backend(**choices: Any) -> DockerBackend:
    """Return the backend for the mode that is set. Raises: HostError."""
    settings = choices.pop("settings", None) or from_environment()
    kind = SingleUseBackend if settings.mode is Mode.SINGLE_USE else DockerBackend
    return kind(settings=settings, **choices)
