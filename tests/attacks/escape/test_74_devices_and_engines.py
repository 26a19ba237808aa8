"""Row 74: device nodes, host mounts, an engine's socket. Success: one of them can be had."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_no_engine_socket_and_no_disk_is_there(attack: Attack) -> None:
    code = """
import os, stat
places = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd", "/etc/shadow", "/boot",
          "/var/lib/docker", "/host", "/mnt", "/srv", "/etc/ssh")
found = [path for path in places if os.path.exists(path)]
allowed = {"null", "zero", "full", "random", "urandom", "tty", "shm", "fd", "stdin", "stdout",
           "stderr", "core", "ptmx", "pts", "console", "mqueue"}
found += sorted(set(os.listdir("/dev")) - allowed)
"""
    assert seen(attack, code) == "[]"


def test_no_device_can_be_made(attack: Attack) -> None:
    code = """
import os, stat
found = []
for place in ("/w/disk", "/tmp/disk", "/dev/shm/disk"):
    for device in (os.makedev(8, 0), os.makedev(1, 1), os.makedev(254, 0)):
        try:
            os.mknod(place, 0o600 | stat.S_IFBLK, device)
            found.append(place)
        except OSError:
            pass
"""
    assert seen(attack, code) == "[]"
