"""What the containers of a running compose project may do and reach, as the engine says it.

    python deploy/platform/reach.py PROJECT ENGINE_SOCKET

Exit code 1 where that is more than compose.yaml means to give.
"""

from __future__ import annotations

import sys
from typing import Any

import docker

SECRETS = {
    "web": {"database-url", "redis-url", "secret-key", "installation-secret", "email-url"},
    "worker": {"database-url", "redis-url", "secret-key", "installation-secret", "email-url"},
    "beat": {"redis-url"},
    "broker": {"redis-url", "broker-password"},
    "postgres": {"database-password"},
    "grader": set(),
}
NETWORKS = {"web": {"front", "inside"}, "grader": {"none"}}
PUBLISHED = {"web"}


def complaints(service: str, attrs: dict[str, Any], project: str, engine: str) -> list[str]:
    """Return what one container has beyond its service's due."""
    host, config = attrs["HostConfig"], attrs["Config"]
    mounted = {mount["Source"]: mount for mount in attrs["Mounts"]}
    secrets = {
        mount["Destination"].rpartition("/")[2]
        for mount in attrs["Mounts"]
        if mount["Destination"].startswith("/run/secrets/")
    }
    networks = {name.removeprefix(f"{project}_") for name in attrs["NetworkSettings"]["Networks"]}
    must = {
        "a user that is not root": config["User"].split(":")[0] not in ("", "0", "root"),
        "a read-only root": host["ReadonlyRootfs"],
        "no capabilities": host["CapDrop"] == ["ALL"] and not host["CapAdd"],
        "no new privileges": "no-new-privileges:true" in host["SecurityOpt"],
        "a limit of processes": bool(host["PidsLimit"]),
        "a limit of memory": bool(host["Memory"]),
        "no privileges": not host["Privileged"],
        "its secrets and no others": secrets == SECRETS[service],
        "secrets that it cannot change": all(
            not mount["RW"] for mount in mounted.values() if "secrets" in mount["Destination"]
        ),
        "its networks and no others": networks == NETWORKS.get(service, {"inside"}),
        "no published port": service in PUBLISHED or not host["PortBindings"],
        "the engine's socket only if it grades": (engine in mounted) == (service == "grader"),
        "no address with a password in its environment": not any(
            "://" in line for line in config["Env"]
        ),
    }
    return [f"{service} lacks {what}" for what, held in must.items() if not held]


def main(project: str, engine: str) -> int:
    client = docker.from_env()
    label = f"com.docker.compose.project={project}"
    found: list[str] = []
    seen: set[str] = set()
    for container in client.containers.list(filters={"label": label}):
        service = container.labels["com.docker.compose.service"]
        seen.add(service)
        found += complaints(service, container.attrs, project, engine)
    found += [f"{service} does not run" for service in sorted(SECRETS.keys() - seen)]
    if not client.networks.list(names=[f"{project}_inside"])[0].attrs["Internal"]:
        found.append("the inside network has a way out")
    print("\n".join(found) or f"{len(seen)} services have what they need and no more")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
