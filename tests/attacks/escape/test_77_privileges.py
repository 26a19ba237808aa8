"""Row 77: setuid programs, capabilities. Success: a privilege that could grow."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_no_privilege_is_held_and_none_can_be_gained(attack: Attack) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
held = [n for n in range(41) if libc.prctl(23, n, 0, 0, 0) == 1]  # in the bounding set
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc.capget(header, data)
setuid = [
    os.path.join(folder, name)
    for place in ("/usr", "/bin", "/lib", "/engine") for folder, _, files in os.walk(place)
    for name in files
    if os.path.lexists(os.path.join(folder, name))
    and os.lstat(os.path.join(folder, name)).st_mode & 0o6000
    and not os.statvfs(folder).f_flag & os.ST_NOSUID
]
found = [libc.prctl(39, 0, 0, 0, 0), list(data), setuid]
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
    try:
        change()
        found.append("root")
    except OSError:
        pass
"""
    assert seen(attack, code) == "[1, [0, 0, 0, 0, 0, 0], []]"
