"""The backend for hosts with a container engine; zygotes live in containers.

One long-lived, hardened container per flavour in place of bubblewrap's process. What runs in it is
the same zygote, and each session is a fork of it in fresh namespaces with the same locks. The
daemon and the zygote meet once, at a socket in a folder that only the two of them see.
"""

from __future__ import annotations

import os
import select
import socket
import time
from dataclasses import replace
from pathlib import Path

from grader.errors import HostError
from grader.runner import container as inside
from grader.sandbox.docker.container import Container
from grader.sandbox.docker.engine import Engine, EngineDown
from grader.sandbox.docker.settings import Settings, from_environment
from grader.sandbox.doctor import Finding
from grader.sandbox.flavours import Flavour, standard_flavours
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.shell import READY_SECONDS, Shell
from grader.sandbox.zygotes import CHECKER, ENVIRONMENT, ZygoteBackend, sandbox_uid

BOOT = (
    "import sys; sys.path += ['/engine', '/flavour'];"
    " from grader.runner.container import main; main()"
)
LOOK_SECONDS = 0.5


class DockerBackend(ZygoteBackend):
    """Opens sessions and checkers in containers with warm zygotes."""

    name = "docker"

    def __init__(
        self,
        *,
        flavours: dict[str, Flavour] | None = None,
        exercises: Path | None = None,
        groups: Groups | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Start nothing yet. Raises: HostError, for settings that make no sense."""
        self.settings = settings or from_environment()
        chosen = docker_flavours(self.settings) if flavours is None else flavours
        super().__init__(flavours=chosen, exercises=exercises, groups=groups)
        self.engine = Engine(self.settings)
        self._images: dict[str, str] = {}  # of the shells that run: a tag may have moved since

    def prerequisites(self) -> list[Finding]:
        """Tell whether the engine answers and has the images. One that is down is one line."""
        try:
            found = [Finding("engine", True, True, self.engine.describe())]
            self.engine.instance  # noqa: B018  its folder must be usable
        except HostError as error:
            return [_missing("engine", error)]
        return [*found, *map(self._image_finding, sorted(self._flavours))]

    def obstacle(self) -> str:
        missing = [one for one in self.prerequisites() if not one.held]
        return " ".join(f"{one.detail} {one.remedy}" for one in missing)

    def image(self, flavour: str) -> str:
        if flavour not in self._images:
            self._images[flavour] = self.engine.image(flavour)
        return self._images[flavour]

    def stop(self) -> None:
        super().stop()
        self.engine.close()

    def _image_finding(self, flavour: str) -> Finding:
        label = f"image {flavour}"
        try:
            return Finding(label, True, True, self.engine.image(flavour))
        except HostError as error:
            return _missing(label, error)

    def _start_shell(self, name: str, root: Path | None) -> Shell:
        flavour = self._flavours[name]
        config = {"uid": None, "preload": flavour.preload, "entry": flavour.entry}
        uid = container_uid()
        with self.engine.instance.meeting(uid) as (place, listener):
            mounts = {place: inside.MEETING, **dict(flavour.extra)}
            if root is not None:
                mounts[root] = "/exercises"
            started = self.engine.start(name, BOOT, uid=uid, mounts=mounts, environment=ENVIRONMENT)
            started.listen()
            try:
                control = meet(listener, started)
            except HostError:
                started.remove()
                raise
            listener.close()
            return Shell(name, control, started, config)  # warm: the folder is covered by now


def docker_flavours(settings: Settings) -> dict[str, Flavour]:
    """Return the flavours that this host offers in containers; the images hold their libraries."""
    usual = standard_flavours()
    usual["torch-cuda"] = replace(usual["torch"], name="torch-cuda")
    return {name: usual[name] for name in (*settings.flavours, CHECKER)}


def container_uid() -> int:
    """Return the user of the containers: never root. Raises: HostError."""
    uid = sandbox_uid()
    if uid is None and os.geteuid() == 0:
        raise HostError("Root here has no other user id to give to sandboxes.")
    return os.geteuid() if uid is None else uid


def meet(listener: socket.socket, started: Container) -> socket.socket:
    """Wait for the zygote's one connection. Raises: HostError, where its container has ended."""
    deadline = time.monotonic() + READY_SECONDS
    poll = select.poll()  # a daemon with many sessions has descriptors beyond what `select` takes
    poll.register(listener, select.POLLIN)
    while not poll.poll(1000 * LOOK_SECONDS):
        if not started.alive:
            raise HostError(f"The container ended before it said anything: {started.printed()}.")
        if time.monotonic() > deadline:
            raise HostError(f"The container said nothing for {READY_SECONDS:g} s.")
    control, _ = listener.accept()
    return control


def _missing(label: str, error: HostError) -> Finding:
    detail, remedy = str(error), ""
    if isinstance(error, EngineDown):
        detail, remedy = error.detail, error.remedy
    return Finding(label, False, True, detail, remedy)
