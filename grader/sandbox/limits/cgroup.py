"""Control groups for memory and number of processes, where this host lets us make them.

Version 1: below our own group in the `memory` and `pids` hierarchies (writable as root). Version 2:
in our own group when it was delegated to us; since a group with processes cannot have limited
children, the daemon first moves itself into a leaf, and whoever else lives there where the init
system says that the group is its service's own. Neither is needed: resource limits and the
warden's watch bind as well. What is missing is reported by `Groups.memory` and `Groups.pids`.

A session joins through a file opened here and handed in, so the sandbox needs no path.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import HostError
from grader.exercise.limits import Limits

log = logging.getLogger(__name__)

MIB = 1024**2
SLACK_MIB = 64  # pages shared with the zygote that are copied when first written
CONTROLLERS = ("memory", "pids")
PREFIX = "gradus"
LEAF = f"{PREFIX}-daemon"
MOVING_ROUNDS = 100  # each finds what was forked since the last
_instances = itertools.count(1)


@dataclass(slots=True)
class Group:
    """The control groups of one session; none where the host offers none."""

    folders: list[Path] = field(default_factory=list)
    fds: list[tuple[str, int]] = field(default_factory=list)  # role and descriptor, to hand in

    def close(self) -> None:
        """Close our copies of the descriptors."""
        for _, fd in self.fds:
            os.close(fd)
        self.fds.clear()

    def remove(self) -> None:
        """Remove the groups, whose processes must be gone."""
        for folder in self.folders:
            remove_group(folder)


class Groups:
    """Makes one group per session, below one whose name holds this process's identity."""

    def __init__(self, roots: dict[str, Path], version: int) -> None:
        self._roots = roots
        self._version = version
        # A fork of the zygote has one thread. To move itself as a thread it needs no lock over all
        # processes, for which `cgroup.procs` waits some 12 ms on an idle host.
        self._door = "tasks" if version == 1 else "cgroup.procs"
        self._names = itertools.count(1)

    @property
    def memory(self) -> bool:
        return "memory" in self._roots

    @property
    def pids(self) -> bool:
        return "pids" in self._roots

    @classmethod
    def detect(cls) -> Groups:
        """Find out what this host offers, and clear away what dead daemons left."""
        mounts, own = Path("/proc/self/mounts").read_text(), Path("/proc/self/cgroup").read_text()
        identity = f"{PREFIX}-{os.getpid()}-{started_at(os.getpid())}-{next(_instances)}"
        roots: dict[str, Path] = {}
        for controller, parent in parents_v1(mounts, own).items():
            clear_stale(parent)
            with contextlib.suppress(OSError):
                (parent / identity).mkdir(exist_ok=True)
                roots[controller] = parent / identity
        if roots:
            return cls(roots, 1)
        parent_v2 = own_group_v2(mounts, own)
        if parent_v2 is not None and delegate(parent_v2):
            clear_stale(parent_v2)
            with contextlib.suppress(OSError):
                root = parent_v2 / identity
                root.mkdir(exist_ok=True)
                (root / "cgroup.subtree_control").write_text("+memory +pids")
                return cls(dict.fromkeys(CONTROLLERS, root), 2)
        return cls({}, 0)

    @classmethod
    def none(cls) -> Groups:
        """Return what a host without control groups has."""
        return cls({}, 0)

    def create(self, limits: Limits) -> Group:
        """Make the groups of one session, none where the host has none.

        Raises: HostError, where the kernel refuses what the host has: a session without its group
        would not have the guarantees that its verdict claims.
        """
        group = Group()
        name = f"s{next(self._names)}"
        try:
            for folder in dict.fromkeys(root / name for root in self._roots.values()):
                folder.mkdir()
                group.folders.append(folder)
                group.fds.append(("cgroup", os.open(folder / self._door, os.O_WRONLY)))
            if self.memory:
                group.fds.append(
                    ("events", self._limit_memory(self._roots["memory"] / name, limits))
                )
            if self.pids:
                (self._roots["pids"] / name / "pids.max").write_text(str(limits.processes + 1))
        except OSError as error:
            group.close()
            group.remove()
            raise HostError(f"A control group could not be made: {error}.") from error
        return group

    def remove(self) -> None:
        """Remove our own groups, whose sessions must have ended."""
        for root in set(self._roots.values()):
            remove_tree(root)

    def _limit_memory(self, folder: Path, limits: Limits) -> int:
        """Set the limit, swap included, and return the descriptor that counts the kills."""
        limit = str((limits.memory_mib + limits.disk_mib + SLACK_MIB) * MIB)
        if self._version == 1:
            (folder / "memory.limit_in_bytes").write_text(limit)
            with_swap, kills = folder / "memory.memsw.limit_in_bytes", "memory.oom_control"
            if with_swap.exists():
                with_swap.write_text(limit)
        else:
            (folder / "memory.max").write_text(limit)
            (folder / "memory.oom.group").write_text("1")
            no_swap, kills = folder / "memory.swap.max", "memory.events"
            if no_swap.exists():
                no_swap.write_text("0")
        return os.open(folder / kills, os.O_RDONLY)


def parents_v1(mounts: str, own: str) -> dict[str, Path]:
    """Return the folder of our own group in each version 1 hierarchy that we need."""
    groups = {}
    for line in own.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            groups[controller] = path
    found = {}
    for line in mounts.splitlines():
        _, folder, kind, options, *_ = line.split()
        for controller in CONTROLLERS:
            if kind == "cgroup" and controller in options.split(",") and controller in groups:
                below = Path(folder, groups[controller].lstrip("/"))
                found[controller] = below if below.is_dir() else Path(folder)
    return found


def own_group_v2(mounts: str, own: str) -> Path | None:
    """Return the folder of our own group in version 2; the one above where we are in its leaf."""
    path = next((line[3:] for line in own.splitlines() if line.startswith("0::")), None)
    for line in mounts.splitlines():
        _, folder, kind, *_ = line.split()
        if kind == "cgroup2" and path is not None:
            below = Path(folder, path.lstrip("/"))
            found = below if below.is_dir() else Path(folder)
            return found.parent if found.name == LEAF else found
    return None


def delegate(group: Path) -> bool:
    """Make limited children possible in our own version 2 group; False where we may not."""
    try:
        offered = (group / "cgroup.controllers").read_text().split()
        if not set(CONTROLLERS) <= set(offered) or not os.access(group, os.W_OK):
            return False
        if set(CONTROLLERS) <= set((group / "cgroup.subtree_control").read_text().split()):
            return True
        leaf = group / LEAF
        leaf.mkdir(exist_ok=True)
        (leaf / "cgroup.procs").write_text("0")
        if empty_into(leaf, group):
            return True
        (group / "cgroup.procs").write_text("0")
        leaf.rmdir()
    except OSError:
        pass
    return False


def empty_into(leaf: Path, group: Path) -> bool:
    """Have the controllers on for children, others moved too where the group is all its service's.

    False where others live in the group and it is not ours alone.
    """
    for _ in range(MOVING_ROUNDS):
        with contextlib.suppress(OSError):
            (group / "cgroup.subtree_control").write_text("+memory +pids")
            return True
        if not is_delegated(group):
            return False
        for pid in (group / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (leaf / "cgroup.procs").write_text(pid)
    return False


def is_delegated(group: Path) -> bool:
    """Tell whether systemd marked the group as its unit's to divide (Delegate=)."""
    try:
        return os.getxattr(group, "user.delegate") == b"1"
    except OSError:
        return False


def clear_stale(parent: Path) -> None:
    """Remove groups of daemons that are gone."""
    for folder in parent.glob(f"{PREFIX}-*-*-*"):
        _, pid, start, _ = folder.name.split("-", 3)
        if started_at(int(pid) if pid.isdecimal() else -1) != start:
            remove_tree(folder)


def started_at(pid: int) -> str:
    """Return when a process started, in ticks since boot; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def remove_tree(root: Path) -> None:
    with contextlib.suppress(OSError):
        for folder in [entry for entry in root.iterdir() if entry.is_dir()]:
            remove_group(folder)
    remove_group(root)


def remove_group(folder: Path) -> None:
    """Remove one group. One that still holds a process stays for the next start to clear."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("control group %s could not be removed: %s", folder, error)
