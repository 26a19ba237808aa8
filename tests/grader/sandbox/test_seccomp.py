"""The filter of each architecture, run by a small interpreter of the kernel's BPF."""

from __future__ import annotations

import errno
import struct

import pytest

from grader.runner import seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
COMMON = {"read": (0, 63), "write": (1, 64), "mmap": (9, 222), "futex": (202, 98), "exit": (60, 93)}
MACHINES = [("x86_64", 0), ("aarch64", 1)]
CLONE, FCNTL, SOCKET = (56, 220), (72, 25), (41, 198)


def decide(program: bytes, arch: int, number: int, *arguments: int) -> int:
    """Return what the program answers for one call."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    code = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        match operation:
            case 0x06:
                return int(value)
            case 0x20:
                accumulator = struct.unpack_from("<I", data, value)[0]
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x25:
                at += if_true if accumulator > value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case _:
                raise AssertionError(f"unknown instruction {operation:#x}")


def refusal(code: int) -> int:
    return 0x00050000 | code


@pytest.mark.parametrize(("machine", "column"), MACHINES)
@pytest.mark.parametrize("timed", [False, True])
def test_every_listed_call_is_refused_and_common_ones_are_not(
    machine: str, column: int, timed: bool
) -> None:
    program, arch = seccomp.program(timed=timed, machine=machine), seccomp.ARCHES[machine]
    refused = {
        name: decide(program, arch, call)
        for name, row in {**seccomp.DENIED, **seccomp.MISSING}.items()
        if (call := row[column]) is not None
    }
    expected = {
        name: refusal(errno.ENOSYS if name in seccomp.MISSING else errno.EPERM) for name in refused
    }
    assert refused == expected
    assert {decide(program, arch, row[column]) for row in COMMON.values()} == {ALLOW}


@pytest.mark.parametrize(("machine", "column"), MACHINES)
def test_arguments_decide_about_clone_fcntl_and_socket(machine: str, column: int) -> None:
    program, arch = seccomp.program(timed=False, machine=machine), seccomp.ARCHES[machine]
    thread = 0x3D0F00
    assert decide(program, arch, CLONE[column], thread) == ALLOW
    assert decide(program, arch, CLONE[column], thread | 0x10000000) == refusal(errno.EPERM)
    assert decide(program, arch, CLONE[column], 0x4011) == refusal(errno.EPERM)
    assert decide(program, arch, FCNTL[column], 3, 1) == ALLOW
    assert decide(program, arch, FCNTL[column], 3, 6) == refusal(errno.EPERM)
    assert decide(program, arch, SOCKET[column], 1) == ALLOW
    assert decide(program, arch, SOCKET[column], 2) == refusal(errno.EACCES)


@pytest.mark.parametrize(("machine", "column"), MACHINES)
def test_a_timed_session_starts_nothing(machine: str, column: int) -> None:
    program, arch = seccomp.program(timed=True, machine=machine), seccomp.ARCHES[machine]
    assert decide(program, arch, CLONE[column], 0x3D0F00) == refusal(errno.EPERM)


@pytest.mark.parametrize(("machine", "_column"), MACHINES)
def test_calls_of_a_foreign_architecture_kill(machine: str, _column: int) -> None:
    program = seccomp.program(timed=False, machine=machine)
    assert decide(program, 0x40000003, 1) == KILL


def test_a_machine_without_a_table_is_refused() -> None:
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program(timed=False, machine="riscv64")
