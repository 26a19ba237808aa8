"""Row 84: memory of every kind, by one process or many. Success: the host has less afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.job.backend import HostBackend
from tests.attacks.conftest import Attack, eventually, patient

TOP = "import ctypes, mmap, os, sys, time\nimport numpy as np\n"


@pytest.mark.parametrize(
    "body",
    [
        "return np.ones(10**10)",
        "held = []\nwhile True: held.append(bytearray(1 << 20))",
        "held = []\nwhile True: held.append(object())",
        "return [0.0] * 10**8",
    ],
)
def test_memory_of_one_process_is_named(attack: Attack, body: str) -> None:
    graded = attack(body, top=TOP, extra=patient())
    assert "more than 128 MiB" in graded.lost_only_its_check("memory").message


def test_an_allocation_that_is_refused_is_the_students_exception(attack: Attack) -> None:
    failed = attack("mmap.mmap(-1, 1 << 30)", top=TOP, extra=patient())["attacked"]
    assert failed.status == "failed"
    assert "cannot allocate memory" in failed.message.lower()


MANY = """
for _ in range(7):
    if os.fork() == 0:
        {take}
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


@pytest.mark.parametrize("groups", [True, False], ids=["control groups", "none"])
@pytest.mark.parametrize(
    "take",
    [
        pytest.param("held = bytearray(100 << 20)", id="own memory"),
        pytest.param(
            "held = mmap.mmap(-1, 100 << 20); np.frombuffer(held, np.uint8)[::4096] = 1",
            id="shared memory",
        ),
    ],
)
def test_memory_of_many_processes_is_counted_together(
    attack: Attack, backend: HostBackend, bare_backend: HostBackend, groups: bool, take: str
) -> None:
    on = backend if groups else bare_backend
    graded = attack(MANY.format(take=take), top=TOP, on=on, extra=patient())
    assert "128 MiB" in graded.lost_only_its_check("memory").message
    assert graded["attacked"].seconds < 8


@pytest.mark.parametrize(
    "take",
    [
        "n = os.memfd_create('x'); [os.write(n, bytes(1 << 20)) for _ in range(400)]",
        "held = [os.pipe() for _ in range(10)]\n"
        "for r, w in held:\n    os.set_blocking(w, False)\n    os.write(w, bytes(1 << 20))",
        "ctypes.CDLL(None).mlockall(3); held = bytearray(64 << 20)",
        "held = open('/dev/shm/x', 'wb'); held.write(bytes(64 << 20))",
    ],
    ids=["memfd", "pipes", "locked", "shared files"],
)
def test_hidden_kinds_of_memory_are_given_back(attack: Attack, take: str) -> None:
    attack("return 2 * x")
    before = free_mib()
    graded = attack(f"{take}\nreturn 2 * x", top=TOP, extra=patient())
    assert graded["honest"].status == "passed"
    assert eventually(lambda: free_mib() > before - 150)


def free_mib() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) // 1024
    raise AssertionError("no MemAvailable")
