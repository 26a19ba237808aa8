"""Row 71: locks and marks on files that all sessions share. Success: another session sees one."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_shared_files_cannot_be_locked_or_leased(attack: Attack) -> None:
    code = """
import fcntl, os
import numpy as np
found = []
for path in (np.__file__, os.__file__, "/dev/null", "/dev/zero"):
    file = open(path, "rb")
    for name, change in (
        ("flock", lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)),
        ("shared flock", lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)),
        ("lockf", lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)),
        ("lease", lambda: fcntl.fcntl(file, 1024, fcntl.F_RDLCK)),
        ("notify", lambda: fcntl.fcntl(file, 1026, 1)),
    ):
        try:
            change()
            found.append((path, name))
        except OSError:
            pass
"""
    assert seen(attack, code) == "[]"


def test_device_files_can_be_used_but_not_marked(attack: Attack) -> None:
    code = """
import os
open("/dev/null", "w").write("gone")
found = [len(open("/dev/zero", "rb").read(9)), len(os.urandom(9)), os.path.getsize("/dev/null")]
for path in ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"):
    for change in (lambda: os.utime(path), lambda: os.chmod(path, 0o666), lambda: os.setxattr(
            path, "user.left", b"1")):
        try:
            change()
            found.append(path)
        except OSError:
            pass
"""
    assert seen(attack, code) == "[9, 9, 0]"
