"""The container engine, through its API: hardened containers, images, and nothing else of it."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.types import LogConfig, Mount, Ulimit
from requests.exceptions import RequestException

from grader.errors import HostError
from grader.sandbox.docker import cuda, images
from grader.sandbox.docker.attach import attach
from grader.sandbox.docker.container import Container
from grader.sandbox.docker.instance import Instance, dead_folders, is_dead
from grader.sandbox.docker.profile import profile
from grader.sandbox.docker.settings import LINUX_RUNTIMES, Mode, Settings

log = logging.getLogger(__name__)
API_SECONDS = 120
QUICK_SECONDS = 8  # about a container that runs; two of these fit into the patience of an owner
LABEL_FOLDER = "org.gradus.folder"  # daemons that share an engine leave each other's alone
LABEL_INSTANCE = "org.gradus.instance"
PYTHON = ("/python", "-I", "-S", "-B", "-c")
FILES = 8192  # of the container's processes; each session has its own, lower limit
SCORE = 500  # the kernel takes containers before the daemon when memory is short
NO_NEW_PRIVILEGES = "no-new-privileges:true"
SINGLE_USE_TMPFS = "rw,noexec,nosuid,nodev,nr_inodes=2048,mode=1777"
T = TypeVar("T")


class EngineDown(HostError):
    """The engine does not answer, or lacks what we need: nothing was tried, so try later."""

    def __init__(self, detail: str, remedy: str) -> None:
        super().__init__(f"{detail} {remedy}")
        self.detail = detail
        self.remedy = remedy


class Engine:
    """Makes containers that belong to this process. Safe for use by several threads."""

    def __init__(self, settings: Settings) -> None:
        """Ask the engine nothing yet."""
        self.settings = settings
        self._instance: Instance | None = None
        self._lock = threading.Lock()

    @cached_property
    def _client(self) -> Any:
        return docker.DockerClient(base_url=self.settings.engine, timeout=API_SECONDS)

    @cached_property
    def _quick(self) -> Any:
        return docker.DockerClient(base_url=self.settings.engine, timeout=QUICK_SECONDS)

    def _asked(self, question: Callable[[], T]) -> T:
        """Return the engine's answer. Raises: EngineDown, HostError."""
        try:
            return question()
        except APIError as error:
            raise HostError(f"The container engine refuses: {error.explanation}.") from error
        except (DockerException, RequestException, OSError) as error:
            where = self.settings.engine
            detail = f"The container engine at {where} does not answer ({type(error).__name__})."
            raise EngineDown(detail, "Start it, or set DOCKER_HOST.") from error

    def describe(self) -> str:
        """Return name and version of the engine. Raises: EngineDown, HostError."""
        answer = self._asked(lambda: self._client.version())
        runtime = self.settings.runtime
        if runtime:
            known = self._asked(lambda: self._client.info()).get("Runtimes", {})
            if runtime not in known:
                have = ", ".join(sorted(known))
                raise EngineDown(
                    f"The engine knows no runtime {runtime!r}; it knows {have}.",
                    "Install it, or set GRADUS_DOCKER_RUNTIME.",
                )
        return f"version {answer['Version']} at {self.settings.engine}"

    def image(self, flavour: str) -> str:
        """Return the digest of a flavour's image. Raises: EngineDown, with the remedy."""
        name = images.name_of(self.settings.images, flavour)
        found = self._asked(lambda: self._find(name))
        remedy = f"Build it: {images.BUILD} {flavour}."
        if found is None:
            raise EngineDown(f"There is no image {name}.", remedy)
        if (found.labels or {}).get(images.LABEL) != images.engine_digest(flavour):
            raise EngineDown(f"The image {name} is of another version of the engine.", remedy)
        return str(found.id)

    def _find(self, name: str) -> Any:
        try:
            return self._client.images.get(name)
        except ImageNotFound:
            return None

    def start(
        self,
        flavour: str,
        boot: str,
        *,
        uid: int,
        mounts: Mapping[Path, str],
        environment: Mapping[str, str],
        disk_mib: int | None = None,
        device: str = "",
    ) -> Container:
        """Create and start a hardened container. `mounts` are read-only. Raises: HostError.

        With `disk_mib` it is for one session: it has a /w of that size and reads standard input.
        Else it is a zygote's: it stays, and makes namespaces. `device` is a GPU that it sees.
        """
        image = self.image(flavour)
        is_zygote = disk_mib is None
        own = self._of_zygote() if disk_mib is None else self._of_single_use(disk_mib)
        options = self._hardening(uid) | own
        if device and disk_mib is not None:
            options |= cuda.options(device, disk_mib)
        options["environment"] = {**environment, "PWD": "/"}
        options["labels"] = {
            LABEL_FOLDER: str(self.settings.folder),
            LABEL_INSTANCE: self.instance.name,
        }
        options["mounts"] = [
            Mount(target, str(source), type="bind", read_only=True)
            for source, target in mounts.items()
        ]
        command = [*PYTHON, boot]
        made = self._asked(lambda: self._client.containers.create(image, command, **options))
        try:
            streams = attach(self.settings.engine, made.id, stdin=not is_zygote)
            self._asked(made.start)
        except HostError:
            self._discard(made)
            raise
        quick = self._quick.containers.prepare_model(made.attrs)
        return Container(made, quick, streams, self._asked)

    def _hardening(self, uid: int) -> dict[str, Any]:
        """Return what every container has, whatever runs in it."""
        memory = f"{self.settings.memory_mib}m"
        return {
            "user": f"{uid}:{uid}",
            "read_only": True,
            "network_mode": "none",
            "ipc_mode": "none",
            "cap_drop": ["ALL"],
            "pids_limit": self.settings.pids,
            "mem_limit": memory,
            "memswap_limit": memory,
            "nano_cpus": len(os.sched_getaffinity(0)) * 10**9,
            "oom_score_adj": SCORE,
            "ulimits": [
                Ulimit(name="core", soft=1, hard=1),
                Ulimit(name="nofile", soft=FILES, hard=FILES),
            ],
            "log_config": LogConfig(type="none"),
            "hostname": "gradus",
            "working_dir": "/",
            "entrypoint": [],
        }

    def _of_zygote(self) -> dict[str, Any]:
        security = [NO_NEW_PRIVILEGES, f"seccomp={profile(zygote=True)}"]
        if self.settings.apparmor:  # the engine's own profile refuses every mount
            security.append(f"apparmor={self.settings.apparmor}")
        shares_kernel = self.settings.mode is Mode.ZYGOTE
        return {"security_opt": security, "runtime": self.settings.runtime * shares_kernel or None}

    def _of_single_use(self, disk_mib: int) -> dict[str, Any]:
        places = ["/w"] if self.settings.runtime in LINUX_RUNTIMES else ["/w", "/tmp"]  # noqa: S108
        return {
            "security_opt": [NO_NEW_PRIVILEGES, f"seccomp={profile(zygote=False)}"],
            "runtime": self.settings.runtime or None,
            "stdin_open": True,
            "mem_limit": f"{self.settings.session_mib}m",
            "memswap_limit": f"{self.settings.session_mib}m",
            # gVisor puts one of its own at /tmp where there is none, of any size
            "tmpfs": dict.fromkeys(places, f"{SINGLE_USE_TMPFS},size={disk_mib}m"),
        }

    @property
    def instance(self) -> Instance:
        """This process's meeting place; the first use clears away what dead daemons left."""
        with self._lock:
            if self._instance is None:
                self.remove_stale()
                self._instance = Instance(self.settings.folder)
            return self._instance

    def remove_stale(self) -> int:
        """Remove containers and folders of daemons that are gone; return how many containers.

        Raises: HostError.
        """
        folder = self.settings.folder
        label = f"{LABEL_FOLDER}={folder}"
        found = self._asked(
            lambda: self._client.containers.list(all=True, filters={"label": label}, sparse=True)
        )
        stale = [one for one in found if is_dead(folder, one.attrs["Labels"][LABEL_INSTANCE])]
        for one in stale:
            log.warning("removing container %s of a dead daemon", one.id[:12])
            self._discard(one)
        for left in dead_folders(folder):
            shutil.rmtree(left, ignore_errors=True)
        return len(stale)

    def close(self) -> None:
        """Give up the meeting place; all containers must have ended."""
        with self._lock:
            if self._instance is not None:
                self._instance.close()
                self._instance = None
        for client in ("_client", "_quick"):
            if client in self.__dict__:
                self.__dict__.pop(client).close()

    def _discard(self, container: Any) -> None:
        with contextlib.suppress(NotFound, DockerException, RequestException):
            container.remove(force=True)
