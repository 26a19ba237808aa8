"""The first steps of a zygote whose shell is a container: make it look like one of bubblewrap.

A container engine shows more than a session needs: its own /dev, /sys, some files below /etc, and
the folder of the socket over which the daemon is reached. In a user and mount namespace of our own
these are covered; the daemon's socket becomes descriptor 0, and the zygote goes on as everywhere.
"""

from __future__ import annotations

import os
import socket
import traceback
from typing import NoReturn

from grader.runner import isolate, kernel, zygote

MEETING = "/meeting"  # the folder that the daemon shows for the time of its one connection
DEVICES = ("null", "zero", "full", "random", "urandom")
SCRATCH = "/w"  # where the new /dev is put together
ENGINES_OWN = ("HOSTNAME",)  # what it adds to the environment that it was given
ETC_FILES = ("/etc/hostname", "/etc/hosts", "/etc/resolv.conf")  # the engine writes them
_LOCKED = kernel.MS_NOSUID | kernel.MS_NOEXEC


def main() -> NoReturn:
    """Connect, cover what a session need not see, become the zygote."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control.connect(f"{MEETING}/socket")
    try:
        dress()
    except OSError as error:
        traceback.print_exc()
        zygote.report(control.fileno(), error)
        zygote.leave(1)
    os.dup2(control.detach(), 0)
    for name in ENGINES_OWN:
        os.environ.pop(name, None)
    zygote.main()


def dress() -> None:
    """Enter a user and a mount namespace, which becomes as bubblewrap's. Raises: OSError."""
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS)
    isolate.map_ids(uid, gid)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    for path in ETC_FILES:
        if os.path.exists(path):
            kernel.mount("/dev/null", path, "", kernel.MS_BIND)
            lock(path)
    make_devices()
    for folder in ("/sys", MEETING):
        isolate.mount_empty(folder)


def make_devices() -> None:
    """Put a read-only /dev over the engine's, with a few devices and no room for files."""
    kernel.mount("tmpfs", SCRATCH, "tmpfs", _LOCKED, "size=64k,nr_inodes=16,mode=755")
    for name in DEVICES:
        os.close(os.open(f"{SCRATCH}/{name}", os.O_CREAT | os.O_EXCL, 0o444))
        kernel.mount(f"/dev/{name}", f"{SCRATCH}/{name}", "", kernel.MS_BIND)
    os.symlink("/w/shm", f"{SCRATCH}/shm")
    kernel.mount(SCRATCH, "/dev", "", kernel.MS_MOVE)
    lock("/dev")


def lock(mount_point: str) -> None:
    """Make one mount read-only, keeping what it had."""
    held = os.statvfs(mount_point).f_flag & isolate.KEPT_FLAGS  # a remount may not drop them
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY
    kernel.mount("none", mount_point, "", flags | held)
