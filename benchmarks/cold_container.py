"""What graders without warm sandboxes do: one hardened container for each submission."""

from __future__ import annotations

from collections.abc import Callable

import docker
from docker.types import LogConfig

from grader.sandbox.docker.images import name_of
from grader.sandbox.docker.settings import from_environment
from grader.sandbox.zygotes import DEFAULT_SANDBOX_UID, ENVIRONMENT


def cold_container(flavour: str) -> Callable[[], None]:
    """Return what runs one container that imports the flavour's library, and waits for its end."""
    settings = from_environment()
    client = docker.DockerClient(base_url=settings.engine)
    boot = f"import sys; sys.path.append('/flavour'); import {flavour}"

    def run() -> None:
        client.containers.run(
            name_of(settings.images, flavour),
            ["/python", "-I", "-S", "-B", "-c", boot],
            entrypoint=[],
            environment=ENVIRONMENT,
            user=str(DEFAULT_SANDBOX_UID),
            read_only=True,
            network_mode="none",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true"],
            pids_limit=64,
            mem_limit="2g",
            memswap_limit="2g",
            ipc_mode="none",
            log_config=LogConfig(type="json-file"),
            remove=True,
        )

    return run
