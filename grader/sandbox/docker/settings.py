"""What an operator can choose about the docker backend: environment variables, each with a default.

| variable | default | meaning |
|---|---|---|
| DOCKER_HOST | unix:///var/run/docker.sock | the engine, on this very host |
| GRADUS_DOCKER_RUNTIME | the engine's own | runc, crun; runsc (gVisor); nvidia |
| GRADUS_DOCKER_MODE | by the runtime | zygote (runc, crun), single-use (all others) |
| GRADUS_DOCKER_IMAGES | gradus | the images are PREFIX/numpy, PREFIX/torch, PREFIX/checker |
| GRADUS_DOCKER_FLAVOURS | numpy,torch | which flavours this host offers |
| GRADUS_DOCKER_FOLDER | /run/gradus | meeting place; the same path for us and the engine |
| GRADUS_DOCKER_POOL | 2 | single-use: containers kept ready for each flavour |
| GRADUS_DOCKER_MEMORY_MIB | 80 % of all | memory of one flavour's container, swap included |
| GRADUS_DOCKER_SESSION_MIB | 4096 | single-use: memory of one container |
| GRADUS_DOCKER_PIDS | 4096 | processes and threads in one flavour's container |
| GRADUS_DOCKER_APPARMOR | unconfined | zygote: a profile that lets it mount |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader.errors import HostError
from grader.sandbox.device import CUDA

DEFAULT_ENGINE = "unix:///var/run/docker.sock"
KNOWN_FLAVOURS = ("numpy", "torch", CUDA)
SHARED_KERNEL = ("", "runc", "crun", "io.containerd.runc.v2")  # a zygote needs one of these
LINUX_RUNTIMES = (*SHARED_KERNEL, "nvidia")  # what runs in any other has a kernel of its own
SHARE_OF_MEMORY = 0.8


class Mode(StrEnum):
    """How a container serves sessions."""

    ZYGOTE = "zygote"  # it stays; each session is a fork in fresh namespaces
    SINGLE_USE = "single-use"  # it waits, past its imports, for its one session


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The choices for one backend."""

    engine: str = DEFAULT_ENGINE
    runtime: str = ""
    mode: Mode = Mode.ZYGOTE
    images: str = "gradus"
    flavours: tuple[str, ...] = ("numpy", "torch")
    folder: Path = Path("/run/gradus")
    pool: int = 2
    memory_mib: int = 2048
    session_mib: int = 4096
    pids: int = 4096
    apparmor: str = "unconfined"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises: HostError, naming the variable that makes no sense."""
    engine = environ.get("DOCKER_HOST") or DEFAULT_ENGINE
    if not engine.startswith("unix://"):
        raise HostError(f"DOCKER_HOST is {engine!r}; the engine must run here: unix:///path.")
    runtime = environ.get("GRADUS_DOCKER_RUNTIME", "")
    default = Mode.ZYGOTE if runtime in SHARED_KERNEL else Mode.SINGLE_USE
    mode = environ.get("GRADUS_DOCKER_MODE") or default
    if mode not in list(Mode):
        raise HostError(f"GRADUS_DOCKER_MODE is {mode!r}; it must be one of {', '.join(Mode)}.")
    if mode == Mode.ZYGOTE and runtime not in SHARED_KERNEL:
        raise HostError(f"GRADUS_DOCKER_MODE: {runtime} cannot hold a zygote; use single-use.")
    flavours = _flavours(environ.get("GRADUS_DOCKER_FLAVOURS") or "numpy,torch")
    if CUDA in flavours and mode == Mode.ZYGOTE:
        raise HostError(f"GRADUS_DOCKER_FLAVOURS: {CUDA} needs GRADUS_DOCKER_MODE=single-use.")
    return Settings(
        engine=engine,
        runtime=runtime,
        mode=Mode(mode),
        images=environ.get("GRADUS_DOCKER_IMAGES") or "gradus",
        flavours=flavours,
        folder=Path(environ.get("GRADUS_DOCKER_FOLDER") or _own_folder(environ)),
        pool=_number(environ, "GRADUS_DOCKER_POOL", 2, 1, 64),
        memory_mib=_number(environ, "GRADUS_DOCKER_MEMORY_MIB", _most_memory(), 512, 1 << 24),
        session_mib=_number(environ, "GRADUS_DOCKER_SESSION_MIB", 4096, 256, 1 << 24),
        pids=_number(environ, "GRADUS_DOCKER_PIDS", 4096, 64, 1 << 22),
        apparmor=environ.get("GRADUS_DOCKER_APPARMOR", "unconfined"),
    )


def _flavours(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    unknown = [name for name in names if name not in KNOWN_FLAVOURS]
    if unknown:
        known = ", ".join(KNOWN_FLAVOURS)
        raise HostError(f"GRADUS_DOCKER_FLAVOURS names {unknown[0]!r}; there are {known}.")
    return names


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise HostError(f"{name} is {text!r}; it must be a whole number from {low} to {high}.")
    return int(text)


def _own_folder(environ: Mapping[str, str]) -> str:
    if os.geteuid() == 0:
        return "/run/gradus"
    return f"{environ.get('XDG_RUNTIME_DIR') or f'/tmp/{os.geteuid()}'}/gradus"  # noqa: S108


def _most_memory() -> int:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(512, int(SHARE_OF_MEMORY * pages) >> 20)
