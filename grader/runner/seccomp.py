"""The system calls that a sandboxed process may not make, as a BPF program for the kernel.

What namespaces and missing capabilities refuse anyway is refused here once more, together with what
they let through: kernel surface nobody needs for numpy or torch, keyrings, locks and watches on the
shared read-only files (they would be channels between sessions), memory outside every limit
(memfd, System V), other address families, and starting programs. A refused call returns an error
and does not kill, so that a library may fall back. Calls newer than the tables do not exist.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable

from grader.runner import kernel

ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NEWEST_CALL = 462  # mseal; numbers from 424 on are the same on every architecture
X32_BIT = 0x40000000

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000
_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_AT_NUMBER, _AT_ARCH, _AT_ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

_NAMESPACES = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWCGROUP
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWTIME
)
_LOCKS_AND_LEASES = (6, 7, 37, 38, 1024, 1026)  # F_SETLK(W), F_OFD_SETLK(W), F_SETLEASE, F_NOTIFY
_CLONE_VFORK = 0x4000  # its caller cannot be stopped until the child is gone
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_AF_UNIX = 1
_RLIMIT_CORE = 4

# name: (x86_64, aarch64); None where the architecture never had it. Refused with EPERM.
DENIED: dict[str, tuple[int | None, int | None]] = {
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "mknod": (133, None),
    "mknodat": (259, 33),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # programs
    "execve": (59, 221),
    "execveat": (322, 281),
    "uselib": (134, None),
    "vfork": (58, None),
    "personality": (135, 92),
    # kernel surface
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "seccomp": (317, 277),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "create_module": (174, None),
    "query_module": (178, None),
    "get_kernel_syms": (177, None),
    "nfsservctl": (180, 42),
    "lookup_dcookie": (212, 18),
    "_sysctl": (156, None),
    "sysfs": (139, None),
    "ustat": (136, None),
    "acct": (163, 89),
    "syslog": (103, 116),
    "reboot": (169, 142),
    "vhangup": (153, 58),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "lsm_get_self_attr": (459, 459),
    "lsm_set_self_attr": (460, 460),
    "lsm_list_modules": (461, 461),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    # channels between sessions: keyrings, locks, watches, handles of shared files
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "flock": (73, 32),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    # memory that no limit counts
    "memfd_create": (319, 279),
    "vmsplice": (278, 75),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
}

# Refused with ENOSYS: as if the kernel were older, so that libc and libraries use the older call.
MISSING: dict[str, tuple[int | None, int | None]] = {
    "clone3": (435, 435),  # its flags lie in memory, out of a filter's sight
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_secret": (447, 447),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}

# A timed session is one thread on its one core, so that one stop signal freezes all of it.
DENIED_WHEN_TIMED: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220),
    "fork": (57, None),
    "sched_setaffinity": (203, 122),
}
_CLONE, _FCNTL, _IOCTL = (56, 220), (72, 25), (16, 29)
_SETRLIMIT, _PRLIMIT = (160, 164), (302, 261)
_SOCKET, _SOCKETPAIR = (41, 198), (53, 199)


def program(*, timed: bool, machine: str | None = None) -> bytes:
    """Assemble the filter for this machine's architecture.

    Raises: OSError, for an architecture without a table.
    """
    machine = machine or os.uname().machine
    if machine not in ARCHES:
        raise OSError(errno.ENOSYS, f"no system call table for {machine}")
    column = list(ARCHES).index(machine)
    parts = [
        _instruction(_LOAD, _AT_ARCH),
        _instruction(_JUMP_EQUAL, ARCHES[machine], 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _AT_NUMBER),
        _instruction(_JUMP_ABOVE, NEWEST_CALL, 0, 1),  # x32 numbers as well: they carry bit 30
        _refuse(errno.ENOSYS),
        _refuse_all(_column(MISSING, column), errno.ENOSYS),
        _refuse_all(_column(DENIED, column), errno.EPERM),
    ]
    if timed:
        parts.append(_refuse_all(_column(DENIED_WHEN_TIMED, column), errno.EPERM))
    parts += _argument_rules(column)
    parts.append(_instruction(_RETURN, _ALLOW))
    return b"".join(parts)


def _argument_rules(column: int) -> list[bytes]:
    """Return the rules that look at one argument's lower 32 bits."""
    unix_only = _instruction(_JUMP_EQUAL, _AF_UNIX, 1, 0) + _refuse(errno.EACCES)
    denied_flags = _NAMESPACES | _CLONE_VFORK
    no_namespace = _instruction(_JUMP_ANY_BIT, denied_flags, 0, 1) + _refuse(errno.EPERM)
    no_locks = _refuse_all(_LOCKS_AND_LEASES, errno.EPERM)
    no_core_limit = _refuse_all((_RLIMIT_CORE,), errno.EPERM)
    no_typing = _refuse_all((_TIOCSTI, _TIOCLINUX), errno.EPERM)
    return [
        _when(_SOCKET[column], 0, unix_only),
        _when(_SOCKETPAIR[column], 0, unix_only),
        _when(_CLONE[column], 0, no_namespace),
        _when(_FCNTL[column], 1, no_locks),
        _when(_IOCTL[column], 1, no_typing),
        _when(_SETRLIMIT[column], 0, no_core_limit),
        _when(_PRLIMIT[column], 1, no_core_limit),
    ]


def install(assembled: bytes) -> None:
    """Put the filter on this process and all it will ever start; needs no_new_privs."""
    count = len(assembled) // 8
    buffer = ctypes.create_string_buffer(assembled, len(assembled))
    header = struct.pack("HxxxxxxP", count, ctypes.addressof(buffer))
    pointer = ctypes.create_string_buffer(header, len(header))
    kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(pointer))


def _column(table: dict[str, tuple[int | None, int | None]], column: int) -> list[int]:
    numbers = (row[column] for row in table.values())
    return [number for number in numbers if number is not None]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _refuse(code: int) -> bytes:
    return _instruction(_RETURN, _ERRNO | code)


def _refuse_all(values: Iterable[int], code: int) -> bytes:
    return b"".join(_instruction(_JUMP_EQUAL, value, 0, 1) + _refuse(code) for value in values)


def _when(number: int, argument: int, body: bytes) -> bytes:
    """Run `body` on one argument (lower half: both architectures are little-endian), then allow."""
    load = _instruction(_LOAD, _AT_ARGUMENTS + 8 * argument)
    block = load + body + _instruction(_RETURN, _ALLOW)
    return _instruction(_JUMP_EQUAL, number, 0, len(block) // 8) + block
