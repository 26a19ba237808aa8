"""Find out what this host guarantees, by opening a session and looking at it from outside.

A mandatory guarantee that does not hold is a refusal to start; an optional one is recorded in every
verdict. Each finding says what was seen and, where it does not hold, what to change.
"""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import HostError
from grader.exercise.limits import Limits

if TYPE_CHECKING:
    from grader.sandbox.zygotes import ZygoteBackend

OLDEST_KERNEL = (5, 14)  # since then processes are counted per user namespace
RLIMITS = (
    "Max address space",
    "Max cpu time",
    "Max processes",
    "Max open files",
    "Max file size",
    "Max core file size",
    "Max locked memory",
)
NAMESPACES = {"user": "user", "pid": "pid", "net": "network", "ipc": "ipc", "uts": "uts"}
FEW_NAMESPACES = 256  # a session needs one, its shell two
_SWITCHES = (
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "Only root may make user namespaces: sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor refuses user namespaces: give bubblewrap a profile with `userns`,"
        " or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One guarantee: whether it holds here, what was seen, what to do where it does not."""

    name: str
    held: bool
    mandatory: bool
    detail: str
    remedy: str = ""


def examine(backend: ZygoteBackend) -> list[Finding]:
    """Return every guarantee with its state. Opens one session; raises nothing."""
    findings = [_kernel(), *backend.prerequisites()]
    if not backend.obstacle():
        findings += _isolation(backend)
    groups = backend.groups
    remedy = "Run as root, or delegate a cgroup v2 (systemd: Delegate=memory pids)."
    memory = "limits of memory hold for each process and are watched for all together"
    findings += [
        Finding(
            "memory_cgroup", groups.memory, False, "in use" if groups.memory else memory, remedy
        ),
        Finding("pids_cgroup", groups.pids, False, "in use" if groups.pids else "none", remedy),
        _cores(),
    ]
    optional = backend.optional_guarantees
    findings = [replace(one, mandatory=False) if one.name in optional else one for one in findings]
    return [replace(one, remedy="") if one.held else one for one in findings]


def require(findings: Sequence[Finding]) -> None:
    """Raises: HostError, naming each mandatory guarantee that does not hold, with its remedy."""
    missing = [finding for finding in findings if finding.mandatory and not finding.held]
    if missing:
        lines = [f"{one.name}: {one.detail} {one.remedy}".strip() for one in missing]
        raise HostError("This host cannot isolate students' code.\n" + "\n".join(lines))


def _kernel() -> Finding:
    release = platform.release()
    numbers = [int(part) if part.isdecimal() else 0 for part in release.split("-")[0].split(".")]
    held = tuple(numbers[:2]) >= OLDEST_KERNEL and platform.system() == "Linux"
    return Finding("kernel", held, True, f"Linux {release}.", "Linux 5.14 or newer is needed.")


def _isolation(backend: ZygoteBackend) -> list[Finding]:
    """Open a session and look at it from its warden."""
    names = [name for name in sorted(backend.flavours) if name != "checker"]
    try:
        with backend.open(names[0], Limits()) as session:
            seen = session.inspect()
    except HostError as error:
        return [Finding("sandbox", False, True, str(error), _remedy())]
    return [
        Finding("sandbox", True, True, f"a session of {names[0]} was opened and inspected."),
        *_namespaces(seen.get("namespaces", {}), str(seen.get("why", ""))),
        *_locks(seen.get("security", {})),
        _read_only_root(seen),
        _rlimits(seen.get("rlimits", {})),
    ]


def _namespaces(fresh: dict[str, bool], why: str) -> list[Finding]:
    kinds = {**NAMESPACES, "mnt": "mount"}
    return [
        Finding(
            f"{name}_namespace",
            fresh.get(kind) is True,
            True,
            "fresh for each session" if fresh.get(kind) else f"shared with what started it. {why}",
            _remedy(),
        )
        for kind, name in kinds.items()
    ]


def _locks(security: dict[str, str]) -> list[Finding]:
    no_caps = all(int(security.get(key, "1"), 16) == 0 for key in ("CapEff", "CapPrm", "CapBnd"))
    return [
        Finding("capabilities", no_caps, True, "none left" if no_caps else str(security)),
        Finding("seccomp", security.get("Seccomp") == "2", True, "filter installed"),
        Finding("no_new_privs", security.get("NoNewPrivs") == "1", True, "set"),
    ]


def _read_only_root(seen: dict[str, Any]) -> Finding:
    writable = seen.get("writable", ["not seen"])
    held = writable == ["/w"]
    return Finding("read_only_root", held, True, f"writable: {', '.join(writable)}")


def _rlimits(seen: dict[str, str]) -> Finding:
    absent = [name for name in RLIMITS if name not in seen]
    detail = f"not limited: {', '.join(absent)}" if absent else ", ".join(RLIMITS).lower()
    return Finding("rlimits", not absent, True, detail)


def _cores() -> Finding:
    count = len(os.sched_getaffinity(0))
    return Finding(
        "core_pinning",
        count > 1,
        False,
        f"{count} cores",
        "Timing is fairer with two cores or more.",
    )


def _remedy() -> str:
    """Name the switch of this host that is in the way, as far as one can be seen."""
    most = Path("/proc/sys/user/max_user_namespaces")
    with contextlib.suppress(OSError, ValueError):
        if int(most.read_text()) < FEW_NAMESPACES:
            return (
                f"At most {most.read_text().strip()} user namespaces are allowed:"
                " sysctl -w user.max_user_namespaces=16384"
            )
    for path, value, remedy in _SWITCHES:
        try:
            if Path(path).read_text().strip() == value:
                return remedy
        except OSError:
            continue
    if Path("/.dockerenv").exists():
        return (
            "Inside a container, use grader/sandbox/docker/seccomp.json as its profile,"
            " and systempaths=unconfined."
        )
    return (
        "Allow user namespaces for this user; `bwrap --unshare-user --ro-bind / / true` must work."
    )
