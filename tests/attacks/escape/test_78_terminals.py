"""Row 78: type into the daemon's terminal. Success: a terminal can be opened or written."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_there_is_no_terminal(attack: Attack) -> None:
    code = """
import fcntl, os
found = []
for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/pts/0"):
    try:
        found.append(os.open(path, os.O_RDWR))
    except OSError:
        pass
for descriptor in range(5):
    try:
        fcntl.ioctl(descriptor, 0x5412, b"x")
        found.append(descriptor)
    except OSError:
        pass
found.append(os.getsid(0) == os.getpid() or os.getsid(0) == 0)
"""
    assert seen(attack, code) == "[True]"
