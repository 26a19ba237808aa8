"""Row 76: kernel interfaces behind user namespaces. Success: one of them answers."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen

CALLS = {
    "unshare": (272, 0x10000000),
    "setns": (308, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "umount": (166, 0, 0),
    "pivot_root": (155, 0, 0),
    "chroot": (161, 0),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 0),
    "keyctl": (250, 0, 0, 0, 0),
    "add_key": (248, 0, 0, 0, 0, 0),
    "io_uring_setup": (425, 1, 0),
    "ptrace": (101, 0, 0, 0, 0),
    "open_by_handle_at": (304, 0, 0, 0),
    "kexec_load": (246, 0, 0, 0, 0),
    "init_module": (175, 0, 0, 0),
    "swapon": (167, 0, 0),
    "sethostname": (170, 0, 0),
    "personality": (135, 0x0040000),
    "fanotify_init": (300, 0, 0),
    "move_mount": (429, 0, 0, 0, 0, 0),
    "fsopen": (430, 0, 0),
    "clone3": (435, 0, 0),
}


def test_calls_that_nobody_needs_are_refused_by_the_filter(attack: Attack) -> None:
    code = f"""
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
found = []
for name, (number, *arguments) in {CALLS!r}.items():
    ctypes.set_errno(0)
    answer = libc.syscall(*[ctypes.c_long(one) for one in (number, *arguments)])
    if answer >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        found.append((name, answer, ctypes.get_errno()))
"""
    assert seen(attack, code) == "[]"
