"""Rows 12 and 67: read, trace or signal another process. Success: any process but one's own."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_no_other_process_is_in_reach(attack: Attack) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
found = []
for pid in range(2, 300):
    for call in (lambda: os.kill(pid, 0), lambda: os.pidfd_open(pid), lambda: os.getpgid(pid)):
        try:
            call()
            found.append(pid)
        except OSError:
            pass
    if libc.ptrace(16, pid, 0, 0) == 0:
        found.append(pid)
"""
    assert seen(attack, code) == "[]"


def test_memory_of_processes_cannot_be_read_or_written(attack: Attack) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
here = ctypes.create_string_buffer(8)
mine = Vector(ctypes.addressof(here), 8)
found = []
for pid in (1, 2, os.getppid()):
    for call in (libc.process_vm_readv, libc.process_vm_writev):
        if call(pid, ctypes.byref(mine), 1, ctypes.byref(mine), 1, 0) >= 0:
            found.append(pid)
"""
    assert seen(attack, code) == "[]"
